namespace HighAvail.Hosting.Control;

/// <summary>A command was done.</summary>
/// <param name="Resource">With which resource or replica.</param>
/// <param name="Command">The command.</param>
internal sealed record CommandResult(string Resource, string Command);
