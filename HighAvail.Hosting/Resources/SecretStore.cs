using System.Text.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Hosting.Resources;

/// <summary>The generated parameters of one app host, kept between runs in a file that only its owner can read.</summary>
/// <param name="path">The file.</param>
internal sealed class SecretStore(string path)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };
    private readonly Lock _lock = new();

    /// <summary>The kept value, or a new one that is kept before it is given out.</summary>
    /// <exception cref="DistributedApplicationException">The file is not readable.</exception>
    internal string GetOrAdd(string key, Func<string> create)
    {
        lock (_lock)
        {
            var secrets = Read();
            if (secrets[key] is JsonValue value && value.TryGetValue<string>(out var kept) && kept.Length > 0)
            {
                return kept;
            }

            var created = create();
            secrets[key] = created;
            Write(secrets);
            return created;
        }
    }

    private JsonObject Read()
    {
        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw Unreadable(null) : [];
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception);
        }

        DistributedApplicationException Unreadable(Exception? inner) => new(
            $"{path} is not valid JSON: it must be one object whose members are strings, such as {{\"Parameters:postgres-password\": \"…\"}}. " +
            "Correct it; deleting it makes new passwords, with which existing data cannot be opened.",
            inner!);
    }

    private void Write(JsonObject secrets)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(secrets.ToJsonString(_indented));
            writer.Flush();

            // Before the data that this password opens: they are synced too.
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
