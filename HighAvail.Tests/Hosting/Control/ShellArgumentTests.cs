using HighAvail.Hosting.Control;
using HighAvail.Tests.Hosting.Networking;

namespace HighAvail.Tests.Hosting.Control;

public class ShellArgumentTests
{
    [Theory]
    [InlineData("/src/App", "/src/App")]
    [InlineData("", "''")]
    [InlineData("/my app", "'/my app'")]
    [InlineData("it's", @"'it'\''s'")]
    public void Quote_AWord_IsReadableWhereItCanBe(string word, string expected) => Assert.Equal(expected, ShellArgument.Quote(word));

    [Theory]
    [InlineData("a $HOME `id` \"b\" 'c' \\ *?[x] ~ # ; & | < > (d) !e\nf")]
    [InlineData("~")]
    [InlineData("größe/日本")]
    public async Task Quote_AnyWord_IsTakenLiterallyByAShell(string word)
    {
        Tool.SkipUnlessPresent("sh");

        Assert.Equal((0, word), await Tool.RunAsync("sh", "-c", $"printf %s {ShellArgument.Quote(word)}"));
    }
}
