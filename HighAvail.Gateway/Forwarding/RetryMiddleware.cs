using System.Collections.Concurrent;
using HighAvail.Gateway.Limits;
using HighAvail.Gateway.Routing;
using HighAvail.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace HighAvail.Gateway.Forwarding;

/// <summary>
/// Tries a request until it is answered: at once with another replica while the budget lasts, else after having been parked. Before load balancing,
/// which chooses among the replicas that are offered here.
/// </summary>
/// <remarks>
/// This is the one place of the system that repeats what a client asked. It may, because whatever changes something has a key: the client's, or the one
/// stamped here, by which the service knows a repetition.
/// </remarks>
internal sealed partial class RetryMiddleware(
    RequestDelegate next,
    IOptions<ForwardingOptions> options,
    BufferedBodies bodies,
    ParkingLot parkingLot,
    LoadShedding load,
    IDestinationHealthUpdater health,
    DrainSignal drain,
    IProblemDetailsService problems,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<RetryMiddleware> logger)
{
    private readonly ForwardingOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, ServiceCondition> _services = new();

    public async Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsConnect(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        using var body = await ReadBodyAsync(context);
        ConnectionHeaders.Remove(context.Request.Headers);
        var isStamped = IdempotencyKeys.Stamp(context.Request);
        var journey = new Journey(context, _options.RequestTimeout);
        var service = _services.GetOrAdd(
            journey.Service.ClusterId,
            static (_, known) => new ServiceCondition(known.Options.RetryRatio, known.Options.Silence, known.Options.Aftermath, known.Time),
            (Options: _options, Time: time));
        service.Budget.Add();
        while (!context.RequestAborted.IsCancellationRequested)
        {
            var outcome = await TryAsync(context, journey, body?.Stream);
            if (!context.RequestAborted.IsCancellationRequested && SaysSomethingOfTheService(outcome, journey))
            {
                service.Met(outcome);
            }

            if (outcome == TryOutcome.Over)
            {
                break;
            }

            metrics.Failed(journey.Service.ClusterId, outcome);
            if (outcome == TryOutcome.Broken)
            {
                LogBroken(context.GetForwarderErrorFeature()?.Exception, journey.Service.ClusterId);
                break;
            }

            context.Response.Clear();
            if (!MayTryAtOnce(outcome, journey, service) && !await MayTryLaterAsync(context, journey, outcome, service))
            {
                await GiveUpAsync(context, journey, outcome, isStamped);
                break;
            }
        }

        journey.Trace();
    }

    private async ValueTask<BufferedBodies.BufferedBody?> ReadBodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return null;
        }

        using var patience = new CancellationTokenSource(_options.BodyTimeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            return await bodies.ReadAsync(context.Request, linked.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body did not come in time.", StatusCodes.Status408RequestTimeout);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            // The server does not always say whose fault it was, but nobody else writes to this stream.
            throw new BadHttpRequestException("The body cannot be read.", exception);
        }
    }

    private async ValueTask<TryOutcome> TryAsync(HttpContext context, Journey journey, MemoryStream? body)
    {
        var proxy = context.GetReverseProxyFeature();
        proxy.AvailableDestinations = journey.Candidates();
        if (proxy.AvailableDestinations.Count == 0)
        {
            return TryOutcome.NoReplica;
        }

        var aborted = context.RequestAborted;
        var route = context.GetRouteModel();
        var checksPassword = GatewayRoutes.ChecksPassword(route);
        var place = await load.EnterAsync(checksPassword ? route.Config.RouteId : journey.Service.ClusterId, checksPassword, journey.Left, aborted);
        var left = journey.Left;
        if (!place.IsAcquired || left <= TimeSpan.Zero)
        {
            place.Dispose();
            return TryOutcome.Crowded;
        }

        var timeout = checksPassword ? _options.PasswordTryTimeout : _options.TryTimeout;
        journey.Tries++;
        journey.IsShortOfTime = left <= timeout;
        proxy.ProxiedDestination = null;
        context.Features.Set<Yarp.ReverseProxy.Forwarder.IForwarderErrorFeature>(null);
        body?.Position = 0;
        var isStream = GatewayRoutes.IsStream(route);
        var isLeaving = drain.IsDraining;
        using var attempt = new Try(
            place, timeout < left ? timeout : left, RestOf(isStream, isLeaving, left), aborted, isStream && !isLeaving ? drain.Draining : CancellationToken.None);
        context.Features.Set(attempt);
        context.RequestAborted = attempt.Token;
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestAborted = aborted;
            context.Features.Set<Try>(null);
        }

        var outcome = attempt.OutcomeOf(context);
        if (outcome is TryOutcome.Refused or TryOutcome.Lost or TryOutcome.Late && proxy.ProxiedDestination is { } replica)
        {
            journey.Failed(replica);
            journey.LostTries += outcome == TryOutcome.Lost ? 1 : 0;
            if (SaysSomethingOfTheService(outcome, journey))
            {
                Eject(journey.Service, replica, outcome);
            }
        }

        return outcome;
    }

    // Not when it was the request that had too little time left.
    private static bool SaysSomethingOfTheService(TryOutcome outcome, Journey journey) => outcome != TryOutcome.Late || !journey.IsShortOfTime;

    // How long an answer that has begun may go on. One that begins at the last moment still has the time to arrive. A gateway that leaves does not wait
    // for streams; clients resume them at another.
    private TimeSpan RestOf(bool isStream, bool isLeaving, TimeSpan left) => (isStream, isLeaving) switch
    {
        (true, true) => _options.TryTimeout,
        (true, false) => Timeout.InfiniteTimeSpan,
        _ => left + _options.TryTimeout,
    };

    private bool MayTryAtOnce(TryOutcome outcome, Journey journey, ServiceCondition service) => journey.Left > TimeSpan.Zero && outcome switch
    {
        // It costs next to nothing: no service has seen it.
        TryOutcome.Refused => journey.Candidates().Count > 0,
        TryOutcome.Lost or TryOutcome.Late => !IsHopeless(journey) && journey.Candidates().Count > 0 && service.Budget.TryTake(),
        _ => false,
    };

    private async ValueTask<bool> MayTryLaterAsync(HttpContext context, Journey journey, TryOutcome outcome, ServiceCondition service)
    {
        // Whoever was not let in is told so at once, unless it is an outage that fills the places: then those who come wait like those who came before.
        var isShed = outcome == TryOutcome.Crowded && journey.Tries + journey.TimesParked == 0 && !service.IsInTrouble;
        if (outcome == TryOutcome.Unsendable || IsHopeless(journey) || isShed
            || await parkingLot.ParkAsync(journey.TimesParked, outcome == TryOutcome.NoReplica, journey.Left, context.RequestAborted) is not { } parked)
        {
            return false;
        }

        journey.WasParked(parked);
        return true;
    }

    // Those that were late are bounded by the time that they take.
    private bool IsHopeless(Journey journey) => journey.LostTries >= _options.MaxLostTries;

    private void Eject(ClusterState service, DestinationState replica, TryOutcome outcome)
    {
        if (replica.Health.Passive != DestinationHealth.Unhealthy)
        {
            metrics.Ejects(service.ClusterId);
            LogEjected(replica.DestinationId, _options.EjectionPeriod.TotalSeconds, outcome);
        }

        health.SetPassive(service, replica, DestinationHealth.Unhealthy, _options.EjectionPeriod);
    }

    private async Task GiveUpAsync(HttpContext context, Journey journey, TryOutcome outcome, bool isStamped)
    {
        if (outcome == TryOutcome.Crowded)
        {
            metrics.Sheds();
        }

        LogGivenUp(context.GetForwarderErrorFeature()?.Exception, journey.Service.ClusterId, journey.Tries, outcome);
        context.Response.StatusCode = outcome switch
        {
            TryOutcome.Lost or TryOutcome.Unsendable => StatusCodes.Status502BadGateway,
            TryOutcome.Late => StatusCodes.Status504GatewayTimeout,
            _ => StatusCodes.Status503ServiceUnavailable,
        };
        if (isStamped)
        {
            // Otherwise nobody could repeat the request as the same.
            context.Response.Headers[IdempotencyKeys.Header] = context.Request.Headers[IdempotencyKeys.Header];
        }

        await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = { Status = context.Response.StatusCode, Detail = DetailOf(outcome, journey.Service.ClusterId, context.Request) },
        });
    }

    private static string DetailOf(TryOutcome outcome, string service, HttpRequest request)
    {
        var what = outcome switch
        {
            TryOutcome.Lost => $"The connection to '{service}' broke before the answer.",
            TryOutcome.Late => $"'{service}' did not answer in time.",
            TryOutcome.Unsendable => "The request cannot be sent on as it is.",
            TryOutcome.Crowded => "There are too many requests at once. Nothing was done.",
            _ => $"'{service}' cannot answer now.",
        };
        if (outcome == TryOutcome.Unsendable)
        {
            return what;
        }

        return outcome == TryOutcome.Crowded || !IdempotencyKeys.IsUnsafe(request.Method)
            ? $"{what} Repeat the request."
            : $"{what} Repeat the request with the same {IdempotencyKeys.Header}: it is done once, whether it was done already or not.";
    }

    [LoggerMessage(LogLevel.Warning, "{Replica} is left out for {Seconds} s: {Outcome}.")]
    private partial void LogEjected(string replica, double seconds, TryOutcome outcome);

    [LoggerMessage(LogLevel.Warning, "An answer of '{Service}' broke off after it had begun.")]
    private partial void LogBroken(Exception? exception, string service);

    [LoggerMessage(LogLevel.Warning, "A request to '{Service}' was given up after {Tries} tries: {Outcome}.")]
    private partial void LogGivenUp(Exception? exception, string service, int tries, TryOutcome outcome);
}
