using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;
using System.Text.Json;
using HighAvail.Hosting.Control;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.Hosting.Control;

/// <summary>A host in this process that runs shell commands, in a state folder of its own.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RunningHost(Action<IDistributedApplicationBuilder> describe)
    {
        Application = Build(_folder.Path, describe);
        Directories = Application.Services.GetRequiredService<HostDirectories>();
    }

    public DistributedApplication Application { get; }

    public HostDirectories Directories { get; }

    public HostFile File => HostFile.Read(Directories.HostFile)!;

    [field: MaybeNull]
    public HttpClient Http => field ??= CreateHttp();

    public static async Task<RunningHost> StartAsync(Action<IDistributedApplicationBuilder> describe)
    {
        var host = new RunningHost(describe);
        await host.Application.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>A host that never starts, to run commands in.</summary>
    public static RunningHost NotStarted() => new(_ => { });

    public static DistributedApplication Build(string folder, Action<IDistributedApplicationBuilder> describe, string? state = null, bool randomizePorts = true)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            ProjectDirectory = folder,
            Args = [$"--{HostSettings.StateDirectory}={state ?? folder}", $"--{HostSettings.RandomizePorts}={randomizePorts}"],
        });
        describe(builder);
        return builder.Build();
    }

    /// <summary>Runs a command as a person would at a terminal whose output goes to a file.</summary>
    public async Task<(int ExitCode, string Output, string Error)> CommandAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLine.InvokeAsync(Application.Services, args, new(output, error, null), TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }

    public Task<ResourceView> ResourceAsync(string name) =>
        Http.GetFromJsonAsync($"api/resources/{name}", ControlJson.Default.ResourceView, TestContext.Current.CancellationToken)!;

    /// <summary>Waits until a resource looks as it should.</summary>
    public async Task<ResourceView> UntilAsync(string name, Func<ResourceView, bool> condition)
    {
        ResourceView? view = null;
        await Eventually.TrueAsync(async () => condition(view = await ResourceAsync(name)));
        return view!;
    }

    /// <summary>The events of a stream, as they come.</summary>
    public async IAsyncEnumerable<(string Name, JsonElement Data)> EventsAsync(string path)
    {
        using var response = await Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var name = string.Empty;
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                yield return (name, JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        _folder.Dispose();
    }

    private HttpClient CreateHttp()
    {
        var http = new HttpClient { BaseAddress = new(File.ControlUrl) };
        http.DefaultRequestHeaders.Add("X-Api-Key", File.ApiKey);
        return http;
    }
}
