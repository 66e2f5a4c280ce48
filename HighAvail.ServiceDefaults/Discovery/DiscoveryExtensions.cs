using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace HighAvail.ServiceDefaults.Discovery;

/// <summary>Service discovery over the file in which the local host keeps the ready replicas.</summary>
public static class DiscoveryExtensions
{
    internal const string FileKey = "HighAvail:DiscoveryFile";

    /// <summary>Whether somebody probes the replicas of all services and keeps those that are ready in a file.</summary>
    /// <param name="configuration">The configuration with the path of the file.</param>
    public static bool HasDiscoveryFile(this IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration[FileKey] is { Length: > 0 };
    }

    /// <summary>
    /// Whether the file is there and names no replica of a service. Then the service's front, which the environment names, would only hold whoever connects
    /// until there is one.
    /// </summary>
    /// <param name="configuration">The configuration with the file.</param>
    /// <param name="service">The name of the service.</param>
    public static bool HasNoReplica(this IConfiguration configuration, string service) =>
        configuration is IConfigurationRoot { Providers: var providers }
        && providers.OfType<DiscoveryFileProvider>().LastOrDefault() is { IsThere: true } file
        && !file.GetChildKeys([], $"services:{service}").Any();

    internal static void AddDiscovery(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration[FileKey] is { Length: > 0 } path)
        {
            builder.Configuration.AddDiscoveryFile(path);
        }

        builder.Services.AddServiceDiscovery();
    }

    /// <summary>
    /// Appends the file as the last source: an entry in it hides the front endpoint from the environment, and its removal uncovers it again.
    /// </summary>
    internal static void AddDiscoveryFile(this IConfigurationBuilder configuration, string path)
    {
        var file = new FileInfo(path);
        configuration.Add(new DiscoveryFileSource
        {
            FileProvider = new PhysicalFileProvider(file.DirectoryName!),
            Path = file.Name,
            Optional = true,
            ReloadOnChange = true,
            // The file is replaced by rename, never written in place, so there is no half-written state to wait out.
            // What remains is to take the several events of one rename together.
            ReloadDelay = 20,
        });
    }

    private sealed class DiscoveryFileSource : JsonConfigurationSource
    {
        public override IConfigurationProvider Build(IConfigurationBuilder builder)
        {
            EnsureDefaults(builder);
            return new DiscoveryFileProvider(this);
        }
    }

    private sealed class DiscoveryFileProvider(JsonConfigurationSource source) : JsonConfigurationProvider(source)
    {
        // Before the first one is written, and after its host has gone, nothing is known.
        public bool IsThere => Source.FileProvider!.GetFileInfo(Source.Path!).Exists;
    }
}
