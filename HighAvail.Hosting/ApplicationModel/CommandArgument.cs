using System.Globalization;
using System.Text.Json;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A number that a command must be given.</summary>
/// <param name="Name">Its name in the body of a request.</param>
/// <param name="Minimum">The least that is allowed.</param>
/// <param name="Maximum">The most that is allowed.</param>
internal sealed record CommandArgument(string Name, int Minimum, int Maximum)
{
    /// <summary>The number, or <see langword="null"/> if it is none that is allowed.</summary>
    internal int? Read(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= Minimum && number <= Maximum ? number : null;

    /// <summary>What is wrong with something else than an allowed number.</summary>
    /// <param name="command">The command.</param>
    /// <param name="given">What was given instead, if anything.</param>
    internal string Problem(string command, string? given) => string.Create(
        CultureInfo.InvariantCulture, $"'{command}' takes {Name}: a number from {Minimum} to {Maximum}{(given is null ? string.Empty : $", not {given}")}.");
}
