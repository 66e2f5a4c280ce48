using HighAvail.UserService.Access;

namespace HighAvail.Tests.UserService.Access;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("a@b.co")]
    [InlineData("first.last+tag@sub.example.org")]
    [InlineData("o'neil@example-mail.org")]
    public void IsValid_Address_Accepts(string email) => Assert.True(EmailAddress.IsValid(email));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("name")]
    [InlineData("name@")]
    [InlineData("@example.org")]
    [InlineData("name@localhost")]
    [InlineData("name@example..org")]
    [InlineData("name@.example.org")]
    [InlineData("name@example.org.")]
    [InlineData("name@-example.org")]
    [InlineData("na..me@example.org")]
    [InlineData(".name@example.org")]
    [InlineData("name.@example.org")]
    [InlineData("na me@example.org")]
    [InlineData("name@exa mple.org")]
    [InlineData("name@one@example.org")]
    [InlineData("name@example.org\0")]
    [InlineData("name@example.org\n")]
    [InlineData("nаme@example.org")]
    public void IsValid_AnythingElse_Refuses(string? email) => Assert.False(EmailAddress.IsValid(email));

    [Theory]
    [InlineData(64, 63, true)]
    [InlineData(65, 63, false)]
    [InlineData(64, 64, false)]
    public void IsValid_PartsAtTheirLimits_CountsCharacters(int local, int label, bool expected) =>
        Assert.Equal(expected, EmailAddress.IsValid($"{new string('a', local)}@{new string('b', label)}.org"));

    [Fact]
    public void IsValid_TooLongAsAWhole_Refuses()
    {
        var label = new string('b', 63);

        Assert.False(EmailAddress.IsValid($"{new string('a', 64)}@{label}.{label}.{label}"));
    }

    [Fact]
    public void Normalize_OtherCase_IsTheSame() =>
        Assert.Equal(EmailAddress.Normalize("name@example.org"), EmailAddress.Normalize("NAME@Example.ORG"));
}
