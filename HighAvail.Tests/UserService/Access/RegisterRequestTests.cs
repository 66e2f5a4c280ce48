using HighAvail.UserService.Access;

namespace HighAvail.Tests.UserService.Access;

public sealed class RegisterRequestTests
{
    [Theory]
    [InlineData(11, false)]
    [InlineData(12, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Validate_PasswordLength_IsTwelveToOneHundredTwentyEight(int length, bool valid)
    {
        var errors = new RegisterRequest("a@example.org", new string('x', length), "A").Validate();

        Assert.Equal(!valid, errors.ContainsKey("password"));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Validate_DisplayNameLength_CountsCharactersBeyondTheBasicPlaneOnce(int length, bool valid)
    {
        var name = string.Concat(Enumerable.Repeat("\U0001F600", length));

        var errors = new RegisterRequest("a@example.org", new string('x', 12), name).Validate();

        Assert.Equal(!valid, errors.ContainsKey("displayName"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("   ")]
    [InlineData("a\tb")]
    [InlineData("a\u0000")]
    [InlineData("a\u009f")]
    public void Validate_BlankOrControlCharacters_Refuses(string? name)
    {
        var errors = new RegisterRequest("a@example.org", new string('x', 12), name).Validate();

        Assert.Equal(["displayName"], errors.Keys);
    }
}
