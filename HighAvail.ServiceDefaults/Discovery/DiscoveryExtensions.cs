using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace HighAvail.ServiceDefaults.Discovery;

/// <summary>Service discovery over the file in which the local host keeps the ready replicas.</summary>
internal static class DiscoveryExtensions
{
    internal const string FileKey = "HighAvail:DiscoveryFile";

    public static void AddDiscovery(this IHostApplicationBuilder builder)
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
    public static void AddDiscoveryFile(this IConfigurationBuilder configuration, string path)
    {
        var file = new FileInfo(path);
        configuration.Add(new JsonConfigurationSource
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
}
