using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.OrderService.Telemetry;

public sealed class OrderTelemetryTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    [Fact]
    public async Task Waiting_PendingOrders_AreMeasuredWithTheAgeOfTheOldest()
    {
        await using var database = await OrderDatabase.CreateAsync(await Fixture.Postgres.GetAsync(Cancellation), Cancellation);
        await database.InsertAsync(Customer, "pending", Cancellation);
        await database.InsertAsync(Customer, "confirmed", Cancellation);
        var oldest = await database.InsertAsync(Customer, "pending", Cancellation);
        await database.ExecuteAsync($"UPDATE orders SET created_at = now() - interval '1 hour' WHERE id = '{oldest}'", Cancellation);
        await using var replica = await StartReplicaAsync(
            ("ConnectionStrings:ordersdb", database.ConnectionString), ("OrderProcessing:MeasureInterval", "00:00:00.020"));
        var meters = replica.Services.GetRequiredService<IMeterFactory>();
        long waiting = 0;
        double age = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Meter.Name == "HighAvail.OrderService")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            Interlocked.Exchange(ref waiting, instrument.Name == "highavail.orders.waiting" ? value : waiting));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => Interlocked.Exchange(ref age, value));
        listener.Start();

        await Eventually.TrueAsync(() => Interlocked.Read(ref waiting) == 2, "two orders wait");
        await Eventually.TrueAsync(() => Volatile.Read(ref age) is > 3_590 and < 3_700, "one of them for an hour");
    }

    [Fact]
    public async Task Place_SampledRequest_KeepsItsTraceForProcessing()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var trace = ActivityTraceId.CreateRandom();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(ValidOrder) };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        var order = await ReadAsync(await Client.SendAsync(request, Cancellation));

        Assert.StartsWith(
            $"00-{trace}-",
            await Database.QueryAsync<string>($"SELECT trace_parent FROM orders WHERE id = '{order["id"]}'", Cancellation),
            StringComparison.Ordinal);
    }
}
