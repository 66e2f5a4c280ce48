using HighAvail.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Tests.Hosting.ApplicationModel;

public class SnapshotTests
{
    [Theory]
    [InlineData("Starting", null)]
    [InlineData("Running", HealthStatus.Healthy)]
    [InlineData("Running", HealthStatus.Healthy, "Healthy")]
    [InlineData("Running", HealthStatus.Degraded, "Healthy", "Degraded")]
    [InlineData("Running", HealthStatus.Unhealthy, "Healthy", null)]
    [InlineData("Exited", null, "Healthy")]
    public void HealthStatus_OfStateAndReports_IsTheWorstWhileRunning(string state, HealthStatus? expected, params string?[] reports)
    {
        var snapshot = new CustomResourceSnapshot
        {
            ResourceType = "Test",
            Properties = [],
            State = state,
            HealthReports = [.. reports.Select((r, i) => new HealthReportSnapshot($"{i}", r is null ? null : Enum.Parse<HealthStatus>(r), null, null))],
        };

        Assert.Equal(expected, snapshot.HealthStatus);
    }

    [Fact]
    public async Task HealthStatus_RegisteredCheckWithoutAResult_IsUnhealthy()
    {
        var (notifications, resource) = await CreateAsync(r => r.WithHealthCheck("check"));

        await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running });

        Assert.True(notifications.TryGetCurrentState("custom", out var current));
        Assert.Equal(HealthStatus.Unhealthy, current.Snapshot.HealthStatus);
    }

    [Fact]
    public async Task Icon_OfTheLastAnnotation_IsPublishedUnlessTheSnapshotHasOne()
    {
        var (notifications, resource) = await CreateAsync(r => r.WithIconName("Box").WithIconName("Globe", IconVariant.Regular));

        await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Starting });
        Assert.True(notifications.TryGetCurrentState("custom", out var first));
        await notifications.PublishUpdateAsync(resource, s => s with { IconName = "Own", IconVariant = null });
        Assert.True(notifications.TryGetCurrentState("custom", out var second));

        Assert.Equal(("Globe", IconVariant.Regular), (first.Snapshot.IconName, first.Snapshot.IconVariant));
        Assert.Equal(("Own", null), (second.Snapshot.IconName, second.Snapshot.IconVariant));
    }

    private static async Task<(ResourceNotificationService Notifications, IResource Resource)> CreateAsync(Action<IResourceBuilder<CustomResource>> describe)
    {
        var builder = Model.Create();
        var resource = builder.AddResource(new CustomResource("custom"));
        describe(resource);
        var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        return (app.Services.GetRequiredService<ResourceNotificationService>(), resource.Resource);
    }
}
