using HighAvail.Hosting.Control;

namespace HighAvail.Tests.Hosting.Control;

public class NearestNamesTests
{
    private static readonly string[] _names = ["postgres", "cache", "users", "users-0", "users-1", "orders", "gateway", "ps"];

    [Theory]
    [InlineData("odrers", "orders")]
    [InlineData("postgress", "postgres")]
    [InlineData("gate", "gateway")]
    [InlineData("pps", "ps")]
    [InlineData("USERS", "users,users-0,users-1")]
    [InlineData("something-else", "")]
    [InlineData("", "")]
    public void Find_ATypingMistake_GivesTheNamesMeant(string typed, string expected) =>
        Assert.Equal(expected, string.Join(',', NearestNames.Find(typed, _names)));

    [Fact]
    public void Find_AnEndlessName_IsNotCompared() => Assert.Empty(NearestNames.Find(new('a', 1_000_000), _names));
}
