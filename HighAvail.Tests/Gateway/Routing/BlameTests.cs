using HighAvail.Gateway.Routing;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace HighAvail.Tests.Gateway.Routing;

/// <summary>Which of two failures at nearly the same time the proxy sees first is chance; so here it is told.</summary>
public sealed class BlameTests
{
    public static TheoryData<ForwarderError, Exception, int> Failures => new()
    {
        // The reading was ended because the replica is gone: as YARP reports it, the body's failure first and then that of the request.
        { ForwarderError.RequestBodyClient, new AggregateException(new OperationCanceledException(), new HttpRequestException()), 502 },
        { ForwarderError.RequestBodyClient, new AggregateException(new TaskCanceledException(), new HttpRequestException()), 502 },
        // The body itself was wrong.
        { ForwarderError.RequestBodyClient, new AggregateException(new BadHttpRequestException("Bad chunk."), new HttpRequestException()), 400 },
        { ForwarderError.RequestBodyClient, new AggregateException(new IOException(), new OperationCanceledException()), 400 },
        { ForwarderError.RequestCanceled, new OperationCanceledException(), 400 },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Blame_ProxyAnswered400_StaysOnlyWhereTheClientIsToBlame(ForwarderError error, Exception exception, int expected)
    {
        var context = new DefaultHttpContext();

        await RoutingExtensions.BlameAsync(context, failed =>
        {
            failed.Features.Set<IForwarderErrorFeature>(new Failure(error, exception));
            failed.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        });

        Assert.Equal(expected, context.Response.StatusCode);
    }

    private sealed record Failure(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
}
