using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Feed;

/// <summary>How changes are handed to other services. Section <c>Feed</c>.</summary>
internal sealed record FeedOptions
{
    /// <summary>
    /// How often the database is asked while a reader waits. 250 ms: others know of a change well within a second, and four look-ups of two
    /// indexes a second cost next to nothing.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);
}

[OptionsValidator]
internal sealed partial class FeedOptionsValidator : IValidateOptions<FeedOptions>;
