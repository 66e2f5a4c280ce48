namespace HighAvail.Hosting.Resources.Redis;

/// <summary>A program that speaks Redis's protocol: how it is told what to do.</summary>
internal interface IRedisProgram
{
    string FileName { get; }

    IReadOnlyDictionary<string, string> Environment { get; }

    IReadOnlyList<string> Arguments(string configurationFile, int port);

    /// <summary>The contents of the configuration file, which hold the password: no list of processes shows them.</summary>
    string CreateConfiguration(string dataDirectory, string password);
}
