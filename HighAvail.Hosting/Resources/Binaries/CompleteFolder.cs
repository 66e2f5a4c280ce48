namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>
/// Makes folders that are complete or not there: filled under another name, then renamed. Several hosts may do so at once; the first one wins.
/// </summary>
internal static class CompleteFolder
{
    // Only older leftovers of killed hosts are removed: a younger one may be another host's work in progress, a slow download at worst.
    private static readonly TimeSpan _leftoverAge = TimeSpan.FromHours(1);

    /// <summary>Makes the folder if it is not there.</summary>
    /// <param name="place">The folder; the one above it must exist.</param>
    /// <param name="fillAsync">Makes a folder of the given name, with everything in it.</param>
    public static async Task EnsureAsync(string place, Func<string, Task> fillAsync)
    {
        if (Directory.Exists(place))
        {
            return;
        }

        RemoveLeftovers(place);
        var temporary = $"{place}.{Guid.NewGuid():N}";
        try
        {
            await fillAsync(temporary).ConfigureAwait(false);
            Directory.Move(temporary, place);
        }
        catch (IOException) when (Directory.Exists(place))
        {
            // Another host was faster.
            Remove(temporary);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static void RemoveLeftovers(string place)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var leftover in Directory.EnumerateDirectories(Path.GetDirectoryName(place)!, Path.GetFileName(place) + ".*"))
        {
            if (now - Directory.GetLastWriteTimeUtc(leftover) > _leftoverAge)
            {
                Remove(leftover);
            }
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not there, or another host removes it at the same time. What is left is a leftover, and must not hide why.
        }
    }
}
