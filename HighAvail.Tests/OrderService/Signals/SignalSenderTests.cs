using HighAvail.OrderService.Signals;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace HighAvail.Tests.OrderService.Signals;

public sealed class SignalSenderTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Announce_Often_IsSentOnceInEachInterval()
    {
        await using var dataSource = NpgsqlDataSource.Create(
            await (await postgres.GetAsync(Cancellation)).CreateDatabaseAsync(Cancellation));
        await using var listener = await dataSource.OpenConnectionAsync(Cancellation);
        var heard = new List<string>();
        listener.Notification += (_, notification) => heard.Add(notification.Channel);
        await ExecuteAsync(dataSource, listener, "LISTEN orders_pending; LISTEN order_changes; LISTEN sentinel");
        var signals = new OrderSignals();
        var time = new FakeTimeProvider();
        using var sender = new SignalSender(
            signals, dataSource, Options.Create(new SignalOptions()), time, NullLogger<SignalSender>.Instance);
        await sender.StartAsync(Cancellation);

        signals.AnnouncePending();
        await HearAsync(1);
        for (var i = 0; i < 1000; i++)
        {
            signals.AnnouncePending();
            signals.AnnounceChanges();
        }

        // The clock stands still, so nothing can have been sent before this.
        await ExecuteAsync(dataSource, null, "NOTIFY sentinel");
        await HearAsync(2);
        Assert.Equal(["orders_pending", "sentinel"], heard);
        // Its timer may not have begun when the clock moves for the first time.
        while (heard.Count < 4)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await listener.WaitAsync(50, Cancellation);
        }

        Assert.Equal(["orders_pending", "sentinel", "order_changes", "orders_pending"], [.. heard[..2], .. heard[2..].Order()]);
        await sender.StopAsync(Cancellation);

        async Task HearAsync(int count)
        {
            while (heard.Count < count)
            {
                await listener.WaitAsync(Cancellation);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource dataSource, NpgsqlConnection? connection, string sql)
    {
        await using var command = connection is null ? dataSource.CreateCommand(sql) : new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
