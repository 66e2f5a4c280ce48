using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Yarp.ReverseProxy.Forwarder;

namespace HighAvail.Gateway.Forwarding;

/// <summary>One try of a request: how long it may take, and what its answer says. A feature of the request while it lasts.</summary>
internal sealed class Try : IDisposable
{
    private readonly CancellationTokenSource _patience;
    private readonly RateLimitLease _place;
    private readonly TimeSpan _rest;
    private readonly CancellationToken _aborted;
    private readonly CancellationToken _leaving;
    private bool _isAnswered;
    private bool _isToBeRepeated;

    /// <param name="place">Its place among those that are being served, which it gives back.</param>
    /// <param name="timeout">How long it may take until the answer begins.</param>
    /// <param name="rest">How long the rest of the answer may take then.</param>
    /// <param name="aborted">The client has gone.</param>
    /// <param name="leaving">The gateway has begun to leave, which ends the answer.</param>
    public Try(RateLimitLease place, TimeSpan timeout, TimeSpan rest, CancellationToken aborted, CancellationToken leaving)
    {
        (_place, _rest, _aborted, _leaving) = (place, rest, aborted, leaving);
        _patience = CancellationTokenSource.CreateLinkedTokenSource(aborted, leaving);
        _patience.CancelAfter(timeout);
    }

    public CancellationToken Token => _patience.Token;

    public void Dispose()
    {
        _patience.Dispose();
        _place.Dispose();
    }

    /// <summary>The answer has begun.</summary>
    /// <returns>Whether it is for the client.</returns>
    public bool Begins(HttpResponseMessage answer)
    {
        // The service is done with it; a client that reads slowly must not keep others from being served.
        _place.Dispose();

        // Both: a plain 503 is an answer like any other.
        _isToBeRepeated = answer is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null };
        _isAnswered = !_isToBeRepeated;
        if (_isAnswered)
        {
            _patience.CancelAfter(_rest);
        }

        return _isAnswered;
    }

    /// <summary>What became of it.</summary>
    /// <param name="context">The request, after it was forwarded.</param>
    public TryOutcome OutcomeOf(HttpContext context)
    {
        if (_aborted.IsCancellationRequested)
        {
            return TryOutcome.Over;
        }

        var error = context.GetForwarderErrorFeature();
        // That the service did not want the whole body is its own affair, once it has answered.
        var isComplete = error is null || (_isAnswered
            && error.Error is ForwarderError.RequestBodyClient or ForwarderError.RequestBodyDestination or ForwarderError.RequestBodyCanceled);
        if (context.Response.HasStarted)
        {
            return isComplete || _leaving.IsCancellationRequested ? TryOutcome.Over : TryOutcome.Broken;
        }

        // Whoever began to leave meanwhile takes a stream on for a moment only, but that is a new try, and no replica's fault.
        if (_isToBeRepeated || _leaving.IsCancellationRequested)
        {
            return TryOutcome.Later;
        }

        return isComplete ? TryOutcome.Over
            : error!.Error == ForwarderError.NoAvailableDestinations ? TryOutcome.NoReplica
            : Token.IsCancellationRequested ? TryOutcome.Late
            // What came cannot be an answer.
            : error.Error == ForwarderError.ResponseHeaders ? TryOutcome.Lost
            : OutcomeOf(error.Exception);
    }

    private static TryOutcome OutcomeOf(Exception? exception)
    {
        var isTransport = false;
        foreach (var cause in Causes(exception))
        {
            switch (cause)
            {
                // No byte of the request has left.
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError }:
                    return TryOutcome.Refused;
                case HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError }:
                case IOException or SocketException:
                // What HttpClient says of a connection that it has just put away, or whose setting up was given up; of the request it says nothing.
                case InvalidOperationException or OperationCanceledException:
                    isTransport = true;
                    break;
            }
        }

        // Otherwise it is the request that could not be sent, whoever it is sent to.
        return isTransport ? TryOutcome.Lost : TryOutcome.Unsendable;
    }

    private static IEnumerable<Exception> Causes(Exception? exception) => exception switch
    {
        null => [],
        AggregateException all => all.InnerExceptions.SelectMany(Causes),
        _ => Causes(exception.InnerException).Prepend(exception),
    };
}
