using Microsoft.AspNetCore.Http;

namespace HighAvail.ServiceDefaults.Health;

/// <summary>Where the probes of every service are.</summary>
public static class HealthPaths
{
    /// <summary>The process answers.</summary>
    public const string Alive = "/alive";

    /// <summary>The replica wants requests.</summary>
    public const string Ready = "/health";

    /// <summary>Whether a request is a probe.</summary>
    /// <param name="path">The path of the request.</param>
    public static bool IsProbe(PathString path) =>
        path.Equals(Ready, StringComparison.Ordinal) || path.Equals(Alive, StringComparison.Ordinal);
}
