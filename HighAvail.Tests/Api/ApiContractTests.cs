namespace HighAvail.Tests.Api;

/// <summary>What docs/api.md and docs/security.md promise is held by tests that exist.</summary>
public sealed class ApiContractTests
{
    [Fact]
    public void Calls_OfTheContract_EachNameATest() => Assert.All(ApiContract.Rows, static row => Assert.NotEmpty(row.Tests));

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
