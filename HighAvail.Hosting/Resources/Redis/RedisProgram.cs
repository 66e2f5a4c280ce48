using System.Text;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Redis;

/// <summary>Redis itself, or Valkey.</summary>
internal sealed class RedisProgram(string path) : IRedisProgram
{
    public SystemUser? RunAs { get; } = SystemUser.ForRedis();

    public string FileName => path;

    public IReadOnlyDictionary<string, string> Environment => NativeTool.Environment;

    public IReadOnlyList<string> Arguments(string configurationFile, int port) => [configurationFile, "--port", $"{port}"];

    // Redis only makes things faster, but a cold cache after a crash is a burst of load on Postgres. The append-only file is written
    // before a command is answered, so a killed server loses nothing; only a crash of the whole machine can lose the last second, and
    // that much a cache may lose. It makes snapshots superfluous.
    public string CreateConfiguration(string dataDirectory, string? password) =>
        $"""
        bind 127.0.0.1 -::1
        protected-mode yes
        requirepass {Quote(password ?? string.Empty)}
        daemonize no
        dir {Quote(dataDirectory)}
        appendonly yes
        appendfsync everysec
        save ""
        always-show-logo no

        """;

    private static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            _ = octet is >= (byte)' ' and <= (byte)'~' and not ((byte)'"' or (byte)'\\')
                ? quoted.Append((char)octet)
                : quoted.Append($"\\x{octet:x2}");
        }

        return quoted.Append('"').ToString();
    }
}
