namespace HighAvail.Hosting.Control;

/// <summary>A command was done.</summary>
/// <param name="Resource">With which resource or replica.</param>
/// <param name="Command">The command.</param>
/// <param name="Message">What there is to say about it.</param>
internal sealed record CommandResult(string Resource, string Command, string? Message = null);
