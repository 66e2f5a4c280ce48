using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.AppHost;

/// <summary>Services check at their start that Postgres has connections for as many replicas as the app host says.</summary>
public class ConnectionBudgetTests
{
    [Fact]
    public async Task Replicas_OfServicesWithADatabase_AreAllCounted()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.HighAvail_AppHost>(
            TestContext.Current.CancellationToken);
        var services = builder.Resources.OfType<ProjectResource>().Where(project => project.Name is "users" or "orders").ToList();
        var expected = services.Sum(service => service.GetReplicaCount() + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(2, services.Count);
        foreach (var service in services)
        {
            var environment = await service.GetEnvironmentVariableValuesAsync(DistributedApplicationOperation.Publish);
            Assert.Equal(expected, environment["Postgres__Replicas"]);
        }
    }
}
