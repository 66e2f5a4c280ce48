namespace HighAvail.Hosting;

/// <summary>The folders and files of one app host.</summary>
/// <param name="AppHost">The folder of the app host's project.</param>
/// <param name="State">Everything the host keeps: <c>.highavail</c> in that folder, unless configured otherwise.</param>
/// <param name="Isolation">The name of an instance with a state of its own, if it is one.</param>
internal sealed record HostDirectories(string AppHost, string State, string? Isolation = null)
{
    /// <summary>The state folder of an app host, unless configured otherwise.</summary>
    internal static string UsualState(string appHost) => Path.Combine(appHost, ".highavail");

    /// <summary>The data of servers.</summary>
    internal string Data => Path.Combine(State, "data");

    /// <summary>Servers that were fetched because this machine has none.</summary>
    internal string Tools => Path.Combine(State, "tools");

    /// <summary>The output of replicas.</summary>
    internal string Logs => Path.Combine(State, "logs");

    /// <summary>What matters only while the host runs: copies of builds, the discovery file.</summary>
    internal string Run => Path.Combine(State, "run");

    /// <summary>The development authority and its certificates.</summary>
    internal string Pki => Path.Combine(State, "pki");

    /// <summary>The generated parameters.</summary>
    internal string Secrets => Path.Combine(State, "secrets.json");

    /// <summary>How to reach the running host.</summary>
    internal string HostFile => Path.Combine(State, "host.json");
}
