using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Redis;

/// <summary>A program that speaks Redis's protocol: how it is told what to do.</summary>
internal interface IRedisProgram
{
    /// <summary>Whom it runs as, or <see langword="null"/> for the host's own user.</summary>
    SystemUser? RunAs { get; }

    string FileName { get; }

    IReadOnlyDictionary<string, string> Environment { get; }

    IReadOnlyList<string> Arguments(string configurationFile, int port);

    /// <summary>The contents of the configuration file, which hold the password: no list of processes shows them.</summary>
    string CreateConfiguration(string dataDirectory, string? password);
}
