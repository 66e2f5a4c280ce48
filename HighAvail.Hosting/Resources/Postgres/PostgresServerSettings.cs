using HighAvail.Hosting.Networking;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>The settings every native server gets; given on the command line, they hold whatever the configuration file says.</summary>
internal static class PostgresServerSettings
{
    public static Dictionary<string, string> Create(string clusterName) => new()
    {
        ["cluster_name"] = clusterName,
        ["listen_addresses"] = LoopbackAddresses.HasIPv6 ? "127.0.0.1,::1" : "127.0.0.1",
        // TCP only: a socket file would need a folder of its own with a short path, and one way in is enough.
        ["unix_socket_directories"] = "",

        // An acknowledged order must survive any crash; these are the defaults, and must not depend on a file someone edits.
        ["fsync"] = "on",
        ["synchronous_commit"] = "on",
        ["full_page_writes"] = "on",

        // Before it recovers from a crash, Postgres brings every file to the disk: one by one that took 2 s on a busy disk, against 20 ms.
        ["recovery_init_sync_method"] = OperatingSystem.IsLinux() ? "syncfs" : "fsync",

        // Every replica's pool and listeners, with room for a rolling restart and for a person looking.
        ["max_connections"] = "100",
        // The working set of a development system; only pages that are used take memory.
        ["shared_buffers"] = "128MB",
        // Short statements: compiling one costs more than it can save.
        ["jit"] = "off",
        ["timezone"] = "UTC",

        // To the host, which adds the time and keeps the lines; checkpoints come every few minutes and tell nothing here.
        ["log_destination"] = "stderr",
        ["logging_collector"] = "off",
        ["log_line_prefix"] = "[%p] %q%u@%d ",
        ["log_checkpoints"] = "off",
    };
}
