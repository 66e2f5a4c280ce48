using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Control.Verbs;

/// <summary>Deletes the data of all servers, when a person says so.</summary>
internal static class ResetData
{
    internal static async Task<int> RunAsync(HostDirectories directories, bool isConfirmed, CommandOutput output, TimeProvider time, CancellationToken cancellationToken)
    {
        // Held until the end, so that no host starts meanwhile.
        using var instance = new HostInstance(directories, time);
        await instance.AcquireAsync(cancellationToken).ConfigureAwait(false);
        var places = DataPlacement.Places(directories.Data);
        if (places.Count == 0)
        {
            await output.Out.WriteLineAsync($"There are no data in {directories.Data}.").ConfigureAwait(false);
            return 0;
        }

        await output.Out.WriteLineAsync($"The data of all servers, which cannot be brought back:{string.Concat(places.Select(p => $"\n  {p}"))}").ConfigureAwait(false);
        if (!isConfirmed)
        {
            if (output.Ask is not { } ask)
            {
                throw new DistributedApplicationException($"Nothing was deleted. Without a terminal to ask at, say so with {HostArguments.Yes}.");
            }

            if (!string.Equals(ask("Delete them? Type yes: ")?.Trim(), "yes", StringComparison.OrdinalIgnoreCase))
            {
                await output.Out.WriteLineAsync("Nothing was deleted.").ConfigureAwait(false);
                return 1;
            }
        }

        try
        {
            DataPlacement.Delete(directories.Data);
        }
        catch (InvalidOperationException exception)
        {
            throw new DistributedApplicationException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"Not all data could be deleted: {exception.Message} Repeat it as the user whose they are, or as root.", exception);
        }

        await output.Out.WriteLineAsync("Deleted. The next start begins with empty databases.").ConfigureAwait(false);
        return 0;
    }
}
