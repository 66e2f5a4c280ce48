using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace HighAvail.Hosting;

/// <summary>
/// What tells one app host from another, under the configuration keys that Aspire has for it: a hash of its path, which is another one on
/// each machine, and one of its name, which is the same everywhere and so fit for what is published.
/// </summary>
internal static class AppHostIdentity
{
    internal const string Sha256 = "AppHost:Sha256";
    internal const string PathSha256 = "AppHost:PathSha256";
    internal const string ProjectNameSha256 = "AppHost:ProjectNameSha256";

    internal static void AddTo(IConfiguration configuration, string directory, Assembly? assembly, string applicationName, bool isPublishMode)
    {
        var name = assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => string.Equals(a.Key, "apphostprojectname", StringComparison.OrdinalIgnoreCase))?.Value ?? applicationName;
#pragma warning disable CA1308 // The hash is Aspire's, which is made of the path in lower case.
        configuration[PathSha256] = Hash(Path.Join(directory, name).ToLowerInvariant());
#pragma warning restore CA1308
        configuration[ProjectNameSha256] = Hash(name);
        configuration["AppHost:Directory"] = directory;
        configuration["AppHost:Path"] = Path.Join(directory, name);
        configuration[Sha256] = configuration[isPublishMode ? ProjectNameSha256 : PathSha256];
    }

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
