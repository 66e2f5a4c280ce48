using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Hosting.Resources;

/// <summary>The generated parameters of one app host, kept between runs in a file that only its owner can read.</summary>
/// <param name="path">The file.</param>
internal sealed class SecretStore(string path)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };
    private static readonly JsonDocumentOptions _unambiguous = new() { AllowDuplicateProperties = false };
    private readonly Lock _lock = new();

    /// <summary>The kept value, or a new one that is kept before it is given out.</summary>
    /// <exception cref="DistributedApplicationException">The file is not readable, or the disk is full.</exception>
    internal string GetOrAdd(string key, Func<string> create)
    {
        lock (_lock)
        {
            var secrets = Read();
            if (secrets[key] is { } entry)
            {
                return entry is JsonValue value && value.TryGetValue<string>(out var kept)
                    ? kept
                    : throw Unusable($"the value of \"{key}\" must be a string, in quotation marks", null);
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
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path), documentOptions: _unambiguous) as JsonObject ?? throw Unusable("it must be one object, such as { \"Parameters:postgres-password\": \"…\" }", null) : [];
        }
        catch (JsonException exception)
        {
            // As people count: from 1. The text of the exception does not, so its own position is left out.
            var reason = exception.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
            throw Unusable($"it is not valid JSON in line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}: {reason}", exception);
        }
    }

    private DistributedApplicationException Unusable(string reason, Exception? inner) => new(
        $"{path} cannot be used: {reason}. Correct it; deleting it makes new passwords, with which existing data cannot be opened.", inner!);

    private void Write(JsonObject secrets)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.UTF8.GetBytes(secrets.ToJsonString(_indented)));

                // Before the data that this password opens: they are synced too.
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (IOException exception) when (DiskSpace.IsExhausted(exception))
        {
            File.Delete(temporary);
            throw new DistributedApplicationException(DiskSpace.Message(path), exception);
        }
    }
}
