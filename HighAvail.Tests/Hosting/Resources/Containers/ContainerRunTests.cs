using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Resources.Containers;

public sealed class ContainerRunTests
{
    [Fact]
    public async Task Start_OfAContainer_FailsAndSaysWhatToDo()
    {
        var cancelled = TestContext.Current.CancellationToken;
        using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddContainer("web", "nginx", "1.27").WithHttpEndpoint(targetPort: 80);
        await using var application = builder.Build();
        await application.StartAsync(cancelled);

        var failed = await application.ResourceNotifications.WaitForResourceAsync(
            "web", e => e.Snapshot.State?.Text == KnownResourceStates.FailedToStart, cancelled);

        var messages = failed.Snapshot.Properties.Select(p => p.Value).OfType<string>();
        Assert.Contains(messages, m => m.Contains("'web' is a container (nginx:1.27), which this host publishes but does not run", StringComparison.Ordinal));
    }
}
