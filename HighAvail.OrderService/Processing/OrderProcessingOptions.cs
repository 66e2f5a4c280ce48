using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Processing;

/// <summary>How pending orders are processed. Section <c>OrderProcessing</c>.</summary>
internal sealed record OrderProcessingOptions
{
    /// <summary>
    /// How often a replica looks for pending orders when nobody wakes it. 250 ms, always: an order is confirmed well within a second however
    /// many announcements are lost, and four look-ups a second of an index that holds only what waits cost next to nothing.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The least time between two looks, however often a replica is woken. 50 ms: an order that comes alone is processed at once, and under
    /// load a look finds a batch instead of an order or two, so that processing takes little from placing.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How many orders are confirmed in one transaction, and the bound of what a replica has in hand: it works on one batch at a time, over
    /// one connection. 100: round trips are the cost, and a batch still takes only milliseconds, so other replicas and requests do not wait.
    /// </summary>
    [Range(1, 1_000)]
    public int BatchSize { get; set; } = 100;

    /// <summary>
    /// How long after a counted attempt an order that is still pending is tried again; it doubles with every attempt. 250 ms: longer than
    /// an attempt takes, so that nobody counts one that is under way, and as short as a poll for orders whose worker was killed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The longest wait between two attempts. 30 s: an order that keeps failing costs little, and is soon done once its cause is gone.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often an order is tried before it is set aside. Eight: half a minute in all, longer than a database takes to fail over, so that no
    /// order is set aside for what is not its own fault.
    /// </summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>
    /// The longest pause between two polls while they fail; it doubles from <see cref="PollInterval"/>. One second: processing goes on
    /// within a second of the database being back.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan MaxOutageDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often what waits is measured while metrics are exported. 5 s: more often than they are exported tells nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan MeasureInterval { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class OrderProcessingOptionsValidator : IValidateOptions<OrderProcessingOptions>;
