using HighAvail.Gateway.Forwarding;

namespace HighAvail.Tests.Gateway.Forwarding;

public class RetryBudgetTests
{
    [Theory]
    [InlineData(0.2, 1000, 200)]
    [InlineData(0.2, 4, 0)]
    [InlineData(0.05, 1000, 50)]
    public void TryTake_ReserveIsUsedUp_GrantsAPartOfTheRequests(double ratio, int requests, int expected)
    {
        var budget = new RetryBudget(ratio);
        while (budget.TryTake())
        {
        }

        var granted = 0;
        for (var i = 0; i < requests; i++)
        {
            budget.Add();
            granted += budget.TryTake() ? 1 : 0;
        }

        Assert.Equal(expected, granted);
    }

    [Fact]
    public void Add_ManyRequestsWithoutARetry_SavesNoMoreThanTheReserve()
    {
        var budget = new RetryBudget(0.2);
        for (var i = 0; i < 100_000; i++)
        {
            budget.Add();
        }

        Assert.Equal(100, Granted(budget));
    }

    [Fact]
    public void TryTake_RatioIsZero_GrantsNothing()
    {
        var budget = new RetryBudget(0);
        budget.Add();

        Assert.Equal(0, Granted(budget));
    }

    private static int Granted(RetryBudget budget)
    {
        var granted = 0;
        while (budget.TryTake())
        {
            granted++;
        }

        return granted;
    }
}
