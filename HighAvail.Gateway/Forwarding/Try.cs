using Yarp.ReverseProxy.Forwarder;

namespace HighAvail.Gateway.Forwarding;

/// <summary>One try of a request: how long it may take, and whether the service asked for another. A feature of the request while it lasts.</summary>
internal sealed class Try : IDisposable
{
    private readonly CancellationTokenSource _patience;
    private readonly TimeSpan _rest;
    private readonly CancellationToken _aborted;
    private readonly CancellationToken _leaving;

    /// <param name="timeout">How long it may take until the answer begins.</param>
    /// <param name="rest">How long the rest of the answer may take then.</param>
    /// <param name="aborted">The client has gone.</param>
    /// <param name="leaving">The gateway has begun to leave, which ends the answer.</param>
    public Try(TimeSpan timeout, TimeSpan rest, CancellationToken aborted, CancellationToken leaving)
    {
        (_rest, _aborted, _leaving) = (rest, aborted, leaving);
        _patience = CancellationTokenSource.CreateLinkedTokenSource(aborted, leaving);
        _patience.CancelAfter(timeout);
    }

    public CancellationToken Token => _patience.Token;

    /// <summary>Whether the service answered that the request is to be repeated.</summary>
    public bool IsToBeRepeated { get; private set; }

    public void Dispose() => _patience.Dispose();

    /// <summary>The answer has begun.</summary>
    /// <returns>Whether it is for the client.</returns>
    public bool Begins(HttpResponseMessage answer)
    {
        // Both: a plain 503 is an answer like any other.
        IsToBeRepeated = answer is { StatusCode: System.Net.HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null };
        if (!IsToBeRepeated)
        {
            _patience.CancelAfter(_rest);
        }

        return !IsToBeRepeated;
    }

    /// <summary>What became of it.</summary>
    /// <param name="context">The request, after it was forwarded.</param>
    public TryOutcome OutcomeOf(HttpContext context)
    {
        if (_aborted.IsCancellationRequested)
        {
            return TryOutcome.Over;
        }

        if (context.Response.HasStarted)
        {
            return _leaving.IsCancellationRequested || context.GetForwarderErrorFeature() is null ? TryOutcome.Over : TryOutcome.Broken;
        }

        // Whoever began to leave meanwhile takes a stream on for a moment only, but that is a new try, and no replica's fault.
        if (IsToBeRepeated || _leaving.IsCancellationRequested)
        {
            return TryOutcome.Later;
        }

        return context.GetForwarderErrorFeature() switch
        {
            null => TryOutcome.Over,
            { Error: ForwarderError.NoAvailableDestinations } => TryOutcome.NoReplica,
            _ when Token.IsCancellationRequested => TryOutcome.Late,
            // No byte of the request has left.
            { Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError } } =>
                TryOutcome.Refused,
            _ => TryOutcome.Lost,
        };
    }
}
