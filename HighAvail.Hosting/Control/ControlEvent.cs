using System.Text.Json.Serialization;

namespace HighAvail.Hosting.Control;

/// <summary>Something that happened to a resource or replica.</summary>
/// <param name="Id">Counts from 1.</param>
/// <param name="Time">When.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Replica">The replica, if it is one of several or the event is about one.</param>
/// <param name="State">The new state.</param>
/// <param name="Health">The new health.</param>
/// <param name="Restarts">How often supervision has started it again.</param>
/// <param name="ExitCode">How the last process ended.</param>
/// <param name="Command">The command that was given.</param>
/// <param name="Message">Why, where that is not obvious.</param>
internal sealed record ControlEvent(
    long Id,
    DateTimeOffset Time,
    ControlEventKind Kind,
    string Resource,
    string? Replica = null,
    string? State = null,
    string? Health = null,
    int? Restarts = null,
    int? ExitCode = null,
    string? Command = null,
    string? Message = null);

[JsonConverter(typeof(ControlEventKindConverter))]
internal enum ControlEventKind
{
    /// <summary>A new state, perhaps with a new health.</summary>
    State,

    /// <summary>A new health in the same state.</summary>
    Health,

    /// <summary>Supervision starts it again.</summary>
    Restart,

    /// <summary>Someone gave a command, such as to kill it.</summary>
    Command,

    /// <summary>The command did not succeed.</summary>
    CommandFailed,
}

internal sealed class ControlEventKindConverter() : JsonStringEnumConverter<ControlEventKind>(System.Text.Json.JsonNamingPolicy.CamelCase);
