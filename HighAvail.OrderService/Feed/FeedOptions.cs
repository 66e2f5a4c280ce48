using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Feed;

/// <summary>How the feed of the User service is followed. Section <c>Feed</c>.</summary>
internal sealed record FeedOptions
{
    /// <summary>
    /// How long the User service may hold a question until there is something new. 20 s, the most it allows: at rest a replica asks three
    /// times a minute, and a connection that died without a word is noticed soon enough.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long an answer may take beyond that. Two seconds, as a try in the gateway.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The pause after a failure, and before the first question of a replica that knows keys already. One second: nobody waits for the feed,
    /// and right after a start there is better use for the processors.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a request whose token names an unknown key waits for the feed before it is told to come back. One second: half of a try in
    /// the gateway.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan UnknownKeyTimeout { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class FeedOptionsValidator : IValidateOptions<FeedOptions>;
