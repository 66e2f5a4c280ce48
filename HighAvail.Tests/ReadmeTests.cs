using System.Reflection;
using System.Text.RegularExpressions;

namespace HighAvail.Tests;

/// <summary>What the README promises is held by tests that exist.</summary>
public partial class ReadmeTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void Promises_TheTestsTheyName_Exist(string file)
    {
        var root = Path.GetDirectoryName(Projects.HighAvail_AppHost.ProjectPath)!;
        var tests = Assembly.GetExecutingAssembly().GetTypes().SelectMany(type => type.GetMethods()).Select(method => method.Name).ToHashSet();

        var named = TestName().Matches(File.ReadAllText(Path.Combine(root, file))).Select(match => match.Groups[1].Value).ToList();

        Assert.True(named.Count > 15, $"Only {named.Count} tests are named.");
        Assert.All(named, name => Assert.Contains(name, tests));
    }

    // Method_Condition_Outcome, which nothing else in there looks like.
    [GeneratedRegex("`([A-Z][A-Za-z]+_[A-Z][A-Za-z0-9]+_[A-Z][A-Za-z0-9]+)`")]
    private static partial Regex TestName();
}
