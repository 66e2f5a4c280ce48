using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Control;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Tests.Hosting.Control;

public class ResourceSummaryTests
{
    [Theory]
    [InlineData("NotStarted", null)]
    [InlineData("Running", HealthStatus.Healthy, "Running/Healthy", "Running/Healthy")]
    [InlineData("Running", HealthStatus.Degraded, "Running/Healthy", "Running/Unhealthy")]
    [InlineData("Running", HealthStatus.Degraded, "Restarting", "Running/Healthy")]
    [InlineData("Running", HealthStatus.Degraded, "Exited", "Running/Healthy")]
    [InlineData("Running", HealthStatus.Degraded, "Running/Degraded", "Running/Degraded")]
    [InlineData("Running", HealthStatus.Unhealthy, "Running/Unhealthy", "Restarting")]
    [InlineData("Starting", HealthStatus.Unhealthy, "Restarting", "Starting")]
    [InlineData("Restarting", HealthStatus.Unhealthy, "Restarting", "Restarting")]
    [InlineData("FailedToStart", HealthStatus.Unhealthy, "FailedToStart")]
    [InlineData("Waiting", null, "Waiting", "Waiting")]
    [InlineData("Starting", null, "Waiting", "Starting")]
    [InlineData("Running", HealthStatus.Healthy, "Running")]
    [InlineData("Exited", null, "Exited", "Exited")]
    [InlineData("Stopping", null, "Stopping", "Exited")]
    [InlineData("Finished", null, "Finished")]
    [InlineData("Sleeping", null, "Sleeping")]
    public void Of_Replicas_IsTheFurthestStateAndHowManyCanBeGivenWork(string state, HealthStatus? health, params string[] replicas) =>
        Assert.Equal(new ResourceSummary(state, health), ResourceSummary.Of([.. replicas.Select(Snapshot)]));

    private static CustomResourceSnapshot Snapshot(string replica)
    {
        var parts = replica.Split('/');
        return new()
        {
            ResourceType = "Project",
            Properties = [],
            State = new(parts[0], null),
            HealthStatus = parts.Length > 1 ? Enum.Parse<HealthStatus>(parts[1]) : null,
        };
    }
}
