namespace HighAvail.Hosting;

/// <summary>The configuration keys of the host itself.</summary>
internal static class HostSettings
{
    /// <summary>How the host's own settings begin on the command line.</summary>
    internal const string OptionPrefix = "--HighAvail:";

    /// <summary>Where the host keeps its state; <c>.highavail</c> in the app host's folder unless set.</summary>
    internal const string StateDirectory = "HighAvail:StateDirectory";

    /// <summary>Whether no dashboard is started.</summary>
    internal const string DisableDashboard = "HighAvail:DisableDashboard";

    /// <summary>Whether every endpoint takes a free port instead of the one it asks for. Aspire's name, which its testing builder sets.</summary>
    internal const string RandomizePorts = "DcpPublisher:RandomizePorts";
}
