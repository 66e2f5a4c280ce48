using System.Collections.Concurrent;
using HighAvail.OrderService.Signals;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.OrderService.Events;

/// <summary>
/// Reads the changes of all orders that clients of this replica watch, with one query for all of them, and nothing while there are none.
/// </summary>
/// <remarks>
/// The versions of an order count its changes, and each commits after the one before, under the order's row lock. So what comes after a
/// version is in order and without gaps, whichever replica wrote it, and a stream goes on from a version on any other replica.
/// </remarks>
internal sealed partial class OrderWatcher(
    OrderSignals signals,
    NpgsqlDataSource dataSource,
    StartupGate started,
    IOptions<OrderEventsOptions> options,
    TimeProvider timeProvider,
    ILogger<OrderWatcher> logger) : BackgroundService
{
    private readonly OrderEventsOptions _options = options.Value;
    private readonly ConcurrentDictionary<OrderSubscription, bool> _subscriptions = new();
    private int _count;

    /// <summary>Subscribes to what happens to an order after a version; <see langword="null"/> when there are too many streams already.</summary>
    public OrderSubscription? TrySubscribe(Guid orderId, long version)
    {
        if (Interlocked.Increment(ref _count) > _options.MaxStreams)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        var subscription = new OrderSubscription(orderId, version, Unsubscribe);
        _subscriptions.TryAdd(subscription, true);
        signals.ChangesHeard.Set();
        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.WaitAsync(stoppingToken);
        for (var failing = false; ;)
        {
            await signals.ChangesHeard.WaitAsync(
                _subscriptions.IsEmpty ? Timeout.InfiniteTimeSpan : _options.PollInterval, timeProvider, stoppingToken);
            if (!_subscriptions.IsEmpty)
            {
                failing = !await TryReadAsync(failing, stoppingToken);
                await Task.Delay(failing ? _options.PollInterval : _options.MinInterval, timeProvider, stoppingToken);
            }
        }
    }

    private void Unsubscribe(OrderSubscription subscription)
    {
        if (_subscriptions.TryRemove(subscription, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private async Task<bool> TryReadAsync(bool failing, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync([.. _subscriptions.Keys], cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // Whatever fails, the streams stay open and the next look finds what this one did not; it is logged once per outage.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!failing)
            {
                LogFailing(exception.Message);
            }

            return false;
        }
    }

    private async Task ReadAsync(OrderSubscription[] subscriptions, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT watched.number, type, data->>'status', order_events.version, at, data->>'reason'
            FROM unnest($1, $2) WITH ORDINALITY AS watched (order_id, version, number)
            JOIN order_events ON order_events.order_id = watched.order_id AND order_events.version > watched.version
            ORDER BY watched.number, order_events.version
            """);
        command.Parameters.Add(new() { Value = Array.ConvertAll(subscriptions, static subscription => subscription.OrderId) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(subscriptions, static subscription => subscription.Version) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            subscriptions[reader.GetInt64(0) - 1].Offer(new OrderEvent(
                reader.GetString(1),
                new OrderChange(
                    reader.GetString(2),
                    reader.GetInt64(3),
                    reader.GetFieldValue<DateTime>(4),
                    reader.IsDBNull(5) ? null : reader.GetString(5))));
        }
    }

    [LoggerMessage(LogLevel.Warning, "Changes of orders cannot be read now. Clients wait: {Reason}")]
    private partial void LogFailing(string reason);
}
