using HighAvail.Dashboard.Control;
using HighAvail.Dashboard.Resources;

namespace HighAvail.Tests.Dashboard.Resources;

public class ResourceRowTests
{
    private static readonly Resource[] _resources =
    [
        new() { Name = "postgres", Type = "PostgresServer", State = "Running", Health = "Healthy", Replicas = [Replica("postgres")] },
        new() { Name = "ordersdb", Type = "Database", State = "Running", Health = "Healthy", Parent = "postgres" },
        new() { Name = "orders", Type = "Project", State = "Running", Health = "Degraded", Source = "/src/Orders.csproj", Replicas = [Replica("orders-0"), Replica("orders-1", "Restarting", 3)] },
    ];

    [Fact]
    public void Of_NestsReplicasAndDatabases()
    {
        var rows = Visible(new(null, [], [], []));

        Assert.Equal(["postgres", " ordersdb", "orders", " orders-0", " orders-1"], rows.Select(r => new string(' ', r.Level) + r.Name));
        Assert.Equal([0, null, 3, 0, 3], rows.Select(r => r.Restarts));
    }

    [Theory]
    [InlineData("orders-1", null, null, null, "orders,orders-1")]
    [InlineData("ORDERS.CSPROJ", null, null, null, "orders,orders-0,orders-1")]
    [InlineData(null, "Database", null, null, "postgres,ordersdb")]
    [InlineData(null, null, "Restarting", null, "orders,orders-1")]
    [InlineData(null, null, null, "Degraded", "orders")]
    [InlineData(null, null, null, "None", "orders,orders-1")]
    [InlineData("nothing", null, null, null, "")]
    [InlineData("orders", "Project", "Running", "Healthy", "orders,orders-0")]
    public void Visible_WithAFilter_ShowsWhatMatchesAndWhatItIsIn(string? search, string? type, string? state, string? health, string expected)
    {
        var rows = Visible(new(search, List(type), List(state), List(health)));

        Assert.Equal(expected, string.Join(',', rows.Select(r => r.Name)));

        static string[] List(string? value) => value is null ? [] : [value];
    }

    private static ResourceRow[] Visible(ResourceFilter filter) => [.. ResourceRow.Visible(ResourceRow.Of(_resources), filter, new HashSet<string>())];

    private static Replica Replica(string name, string state = "Running", int restarts = 0) =>
        new() { Name = name, State = state, Health = state == "Running" ? "Healthy" : null, Restarts = restarts };
}
