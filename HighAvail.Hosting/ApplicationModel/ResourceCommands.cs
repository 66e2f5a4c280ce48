using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Something that a person or a program can ask to be done with a resource.</summary>
/// <param name="name">The command's name, unique for the resource.</param>
/// <param name="displayName">What people see.</param>
/// <param name="updateState">Says, of the resource's current snapshot, whether it can be done now.</param>
/// <param name="executeCommand">Does it.</param>
/// <param name="displayDescription">What it does.</param>
/// <param name="parameter">Something that the command is done with.</param>
/// <param name="confirmationMessage">What to ask before, or none.</param>
/// <param name="iconName">The icon's name among the Fluent UI system icons.</param>
/// <param name="iconVariant">How the icon is drawn.</param>
/// <param name="isHighlighted">Whether it is among the first that people see.</param>
[DebuggerDisplay("Command {Name}")]
public sealed class ResourceCommandAnnotation(
    string name,
    string displayName,
    Func<UpdateCommandStateContext, ResourceCommandState> updateState,
    Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
    string? displayDescription = null,
    object? parameter = null,
    string? confirmationMessage = null,
    string? iconName = null,
    IconVariant? iconVariant = null,
    bool isHighlighted = false) : IResourceAnnotation
{
    /// <summary>The command's name.</summary>
    public string Name { get; } = name;

    /// <summary>What people see.</summary>
    public string DisplayName { get; } = displayName;

    /// <summary>Whether it can be done now.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; } = updateState;

    /// <summary>Does it.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; } = executeCommand;

    /// <summary>What it does.</summary>
    public string? DisplayDescription { get; } = displayDescription;

    /// <summary>Something that the command is done with.</summary>
    public object? Parameter { get; } = parameter;

    /// <summary>What to ask before.</summary>
    public string? ConfirmationMessage { get; } = confirmationMessage;

    /// <summary>The icon's name among the Fluent UI system icons.</summary>
    public string? IconName { get; } = iconName;

    /// <summary>How the icon is drawn.</summary>
    public IconVariant? IconVariant { get; } = iconVariant;

    /// <summary>Whether it is among the first that people see.</summary>
    public bool IsHighlighted { get; } = isHighlighted;

    /// <summary>The number that it must be given, if it takes one.</summary>
    internal CommandArgument? Argument { get; init; }
}

/// <summary>How an icon is drawn.</summary>
public enum IconVariant
{
    /// <summary>As lines.</summary>
    Regular,

    /// <summary>Filled.</summary>
    Filled,
}

/// <summary>What a command decides its state by.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>The current snapshot.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    /// <summary>The app host's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The app host's services: another name of <see cref="ServiceProvider"/>.</summary>
    public IServiceProvider Services => ServiceProvider;
}

/// <summary>What a command is given when it is done.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The app host's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The app host's services: another name of <see cref="ServiceProvider"/>.</summary>
    public IServiceProvider Services => ServiceProvider;

    /// <summary>The name of the resource, or of the replica it is to be done with.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Ends the work.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The log of the resource.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The number that the command was given.</summary>
    internal int? Argument { get; init; }
}

/// <summary>How a command went.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it was done.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was given up because someone cancelled it.</summary>
    public bool Canceled { get; init; }

    /// <summary>What there is to say about it; of a failure what went wrong.</summary>
    public string? Message { get; init; }

    /// <summary>What went wrong: the earlier name of <see cref="Message"/>.</summary>
    public string? ErrorMessage
    {
        get => Message;
        init => Message = value;
    }

    /// <summary>Whether it was not begun, because the state of the resource does not allow it.</summary>
    internal bool IsRefused { get; init; }
}

/// <summary>The usual results of commands.</summary>
public static class CommandResults
{
    /// <summary>It was done.</summary>
    /// <returns>The result.</returns>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It was done.</summary>
    /// <param name="message">What there is to say about it.</param>
    /// <returns>The result.</returns>
    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    /// <summary>It was not done.</summary>
    /// <param name="errorMessage">Why.</param>
    /// <returns>The result.</returns>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    /// <summary>It was not done.</summary>
    /// <param name="exception">Why.</param>
    /// <returns>The result.</returns>
    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);

    /// <summary>It was given up.</summary>
    /// <returns>The result.</returns>
    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}

/// <summary>The names of the commands that the host itself offers.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts what was stopped.</summary>
    public const string StartCommand = "start";

    /// <summary>Stops and leaves stopped.</summary>
    public const string StopCommand = "stop";

    /// <summary>Stops and starts again.</summary>
    public const string RestartCommand = "restart";

    /// <summary>Stops and starts again one replica after another, so that there are never fewer ready ones than before.</summary>
    internal const string RollingRestartCommand = "rolling-restart";

    /// <summary>Changes how many replicas there are.</summary>
    internal const string ScaleCommand = "scale";

    /// <summary>Kills the process with SIGKILL; supervision starts it again.</summary>
    internal const string KillCommand = "kill";

    /// <summary>Freezes the process with SIGSTOP, as if it hung.</summary>
    internal const string PauseCommand = "pause";

    /// <summary>Lets what is paused go on, with SIGCONT.</summary>
    internal const string ResumeCommand = "resume";
}
