namespace HighAvail.Tests.Api;

/// <summary>What docs/api.md and docs/security.md promise is held by tests that exist.</summary>
public sealed class ApiContractTests
{
    [Fact]
    public void Rows_OfTheContract_EachNameTestsAndNothingElse()
    {
        Assert.True(ApiContract.AllRows.Count > 35, $"Only {ApiContract.AllRows.Count} rows were found.");
        Assert.All(ApiContract.AllRows, static row => Assert.NotEmpty(row.Tests));
        // What is in backquotes in the last cell and is no test was misspelt.
        Assert.All(ApiContract.AllRows, static row => Assert.Equal(row.Tests.Count, row.Row.Split(" | ")[^1].Count(static c => c == '`') / 2));
        Assert.Subset(ApiContract.AllRows.SelectMany(static row => row.Tests).ToHashSet(), ApiContract.Rows.SelectMany(static row => row.Tests).ToHashSet());
    }

    [Theory]
    [InlineData("api.md", 25)]
    [InlineData("security.md", 40)]
    public void Tests_OfTheDocumentation_Exist(string page, int least)
    {
        var named = ApiContract.TestsOf(page);

        Assert.True(named.Count >= least, $"Only {named.Count} tests are named.");
        Assert.Empty(named.Except(ApiContract.Tests));
    }

    [Fact]
    public void OwaspTop10_EachRow_NamesATest()
    {
        var rows = ApiContract.OwaspRows;

        Assert.Equal(Enumerable.Range(1, 10).Select(static number => $"API{number}:2023"), rows.Select(static row => row.Id));
        Assert.All(rows, static row => Assert.NotEmpty(row.Tests));
    }
}
