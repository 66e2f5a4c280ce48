using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Infrastructure;

/// <summary>One of the services as the host runs it: a process of its own, told everything by its environment.</summary>
internal static class ServiceProcess
{
    public static Task<TestProcess> StartAsync(string assembly, params (string Name, string Value)[] settings)
    {
        // A runner that was itself started in the background of a script ignores SIGINT, hands that down, and the runtime respects it.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var environment = ProcessEnvironment.Inherited();
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return TestProcess.StartAsync(new ProcessSpec(
            command[0],
            [.. command[1..], Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll")],
            AppContext.BaseDirectory,
            environment));
    }

    public static Task WaitUntilHealthyAsync(this TestProcess process, HttpClient client) => process.WaitUntilAsync(async cancellationToken =>
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/health", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });
}
