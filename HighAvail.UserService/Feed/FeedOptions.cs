using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Feed;

/// <summary>How changes are handed to other services. Section <c>Feed</c>.</summary>
internal sealed record FeedOptions
{
    /// <summary>
    /// How often the database is asked while a reader waits. One second: nobody waits for what others learn by this, and several readers ask for as long
    /// as the system runs.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class FeedOptionsValidator : IValidateOptions<FeedOptions>;
