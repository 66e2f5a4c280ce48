using System.Net.Sockets;
using System.Threading.RateLimiting;
using HighAvail.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace HighAvail.Tests.Gateway.Forwarding;

public class TryTests
{
    // What HttpClient throws for connections that end at an unlucky moment, which no test can choose.
    public static TheoryData<Exception, string> Failures => new()
    {
        { new HttpRequestException(HttpRequestError.ConnectionError), nameof(TryOutcome.Refused) },
        { new HttpRequestException("", new SocketException()), nameof(TryOutcome.Lost) },
        { new HttpRequestException("", new IOException()), nameof(TryOutcome.Lost) },
        { new HttpRequestException("", new ObjectDisposedException("the connection")), nameof(TryOutcome.Lost) },
        { new HttpRequestException("", new InvalidOperationException()), nameof(TryOutcome.Lost) },
        { new TaskCanceledException(), nameof(TryOutcome.Lost) },
        { new AggregateException(new HttpRequestException(HttpRequestError.HttpProtocolError), new InvalidOperationException()), nameof(TryOutcome.Lost) },
        { new HttpRequestException("a header that cannot be sent"), nameof(TryOutcome.Unsendable) },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void OutcomeOf_ForwardingFailed_SaysWhoseFaultItWas(Exception failure, string expected)
    {
        using var limiter = new ConcurrencyLimiter(new() { PermitLimit = 1 });
        using var attempt = new Try(limiter.AttemptAcquire(), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, CancellationToken.None, CancellationToken.None);
        var context = new DefaultHttpContext();
        context.Features.Set<IForwarderErrorFeature>(new Failure(failure));

        Assert.Equal(expected, $"{attempt.OutcomeOf(context)}");
    }

    private sealed record Failure(Exception? Exception) : IForwarderErrorFeature
    {
        public ForwarderError Error => ForwarderError.Request;
    }
}
