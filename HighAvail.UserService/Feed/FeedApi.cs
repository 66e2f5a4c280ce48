using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Feed;

internal static class FeedApi
{
    private static readonly TimeSpan _drainPause = TimeSpan.FromMilliseconds(250);

    public static void MapFeedApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/internal/users").RequireServiceKey();
        group.MapGet("/changes", GetChangesAsync);
    }

    private static async Task<Results<Ok<ChangePage>, ValidationProblem, ProblemHttpResult>> GetChangesAsync(
        string? after,
        string? wait,
        string? limit,
        ChangeFeed feed,
        DrainSignal drain,
        IOptions<FeedOptions> options,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var query = new ChangesQuery(after, wait, limit);
        if (query.Validate(out var cursor, out var patience, out var count) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        if (await feed.FindStartAsync(cursor, cancellationToken) is not { } start)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status410Gone, title: "The cursor is of another epoch. Begin anew, without one.");
        }

        var began = timeProvider.GetTimestamp();
        var changes = await feed.ReadAsync(start, count, cancellationToken);
        while (changes.Count == 0 && timeProvider.GetElapsedTime(began) < patience)
        {
            await PauseAsync(drain, options.Value.PollInterval, timeProvider, cancellationToken);
            changes = await feed.ReadAsync(start, count, cancellationToken);
            if (drain.IsDraining)
            {
                // Readers go on at another replica.
                break;
            }
        }

        var remaining = changes.RemainingSince is null ? 0 : await feed.CountAsync(changes.Last, cancellationToken);
        return TypedResults.Ok(new ChangePage(
            changes.Users, changes.Keys, changes.Last.ToString(), remaining, changes.RemainingSince));
    }

    // Whoever waits when draining begins is answered at once; one that comes back here all the same comes back in peace.
    private static async Task PauseAsync(DrainSignal drain, TimeSpan interval, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (drain.IsDraining)
        {
            await Task.Delay(_drainPause, timeProvider, cancellationToken);
            return;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Draining);
        await Task.Delay(interval, timeProvider, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
