using System.Text.Json;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.FluentUI.AspNetCore.Components;

namespace HighAvail.Dashboard.Control;

/// <summary>A command that a person gave.</summary>
internal sealed class CommandRun(string target, string name)
{
    internal string Target { get; } = target;

    internal string Name { get; } = name;

    /// <summary>Whether it was done; <see langword="null"/> while it goes on.</summary>
    internal bool? IsDone { get; set; }

    /// <summary>What the host says about it.</summary>
    internal string? Message { get; set; }
}

/// <summary>The commands that a person gave on one page: asks before, shows how they go, and how they went.</summary>
internal sealed class CommandRuns(HostConnection host, IDialogService dialogs, AuthenticationStateProvider access, TimeProvider time)
{
    private const int MaxShown = 5;

    // Long enough to read two words; a failure stays until someone closes it.
    private static readonly TimeSpan _shown = TimeSpan.FromSeconds(4);

    private readonly Lock _gate = new();
    private readonly List<CommandRun> _runs = [];

    internal event Action? Changed;

    /// <summary>Those that go on or were just done, oldest first.</summary>
    internal IReadOnlyList<CommandRun> Shown
    {
        get
        {
            lock (_gate)
            {
                return [.. _runs];
            }
        }
    }

    /// <summary>Whether this person may do something, and not only look.</summary>
    internal async Task<bool> IsAllowedAsync() => (await access.GetAuthenticationStateAsync()).User.Identity?.IsAuthenticated == true;

    /// <summary>Asks if the command says so, does it, and returns when it is done or was refused.</summary>
    /// <param name="target">The resource or replica.</param>
    /// <param name="command">The command.</param>
    internal async Task RunAsync(string target, ResourceCommand command)
    {
        if (!await IsAllowedAsync())
        {
            Add(new(target, command.DisplayName) { IsDone = false, Message = "Only who logged in with the token may do this." });
            return;
        }

        var argument = command.Argument is { } wanted ? (wanted.Name, CurrentValue(target, wanted)) : default((string Name, int Value)?);
        if (command.ConfirmationMessage is not null || command.Argument is not null)
        {
            var (isConfirmed, value) = await AskAsync(target, command, argument?.Value);
            if (!isConfirmed)
            {
                return;
            }

            argument = argument is var (name, _) ? (name, value) : null;
        }

        var run = Add(new(target, command.DisplayName));
        (run.IsDone, run.Message) = await ExecuteAsync(target, command, argument);
        Changed?.Invoke();
        if (run.IsDone == true)
        {
            await Task.Delay(_shown, time);
            Close(run);
        }
    }

    /// <summary>Shows it no longer.</summary>
    internal void Close(CommandRun run)
    {
        lock (_gate)
        {
            _runs.Remove(run);
        }

        Changed?.Invoke();
    }

    private CommandRun Add(CommandRun run)
    {
        lock (_gate)
        {
            _runs.Add(run);
            if (_runs.Count > MaxShown && _runs.Find(r => r.IsDone is not null) is { } oldest)
            {
                _runs.Remove(oldest);
            }
        }

        Changed?.Invoke();
        return run;
    }

    // Of the only argument there is so far it is known what is the case now.
    private int CurrentValue(string target, CommandArgument argument) =>
        argument.Name == "replicas" && host.Find(target) is { } resource ? resource.Replicas.Count : argument.Minimum;

    private async Task<(bool IsConfirmed, int Value)> AskAsync(string target, ResourceCommand command, int? value)
    {
        var question = new CommandQuestion(target, command) { Value = value ?? 0 };
        var result = await dialogs.ShowDialogAsync<CommandDialog>(options =>
        {
            // Escape closes dialogs anyway; as a shortcut too, it would be heard twice.
            options.Footer.PrimaryAction.ShortCut = string.Empty;
            options.Footer.SecondaryAction.ShortCut = string.Empty;
            options.Parameters.Add(nameof(CommandDialog.Question), question);
        });
        return (!result.Cancelled, question.Value);
    }

    private async Task<(bool IsDone, string? Message)> ExecuteAsync(string target, ResourceCommand command, (string Name, int Value)? argument)
    {
        try
        {
            // Going on when the page is left: what was begun, such as a rolling restart, is better finished.
            return host.Client is { } client
                ? await client.ExecuteAsync(target, command.Name, argument, CancellationToken.None)
                : (false, "The app host does not answer.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or ObjectDisposedException or OperationCanceledException)
        {
            return (false, "The app host went away before it answered.");
        }
    }
}

/// <summary>What a person is asked before a command is done.</summary>
public sealed class CommandQuestion
{
    internal CommandQuestion(string target, ResourceCommand command) => (Target, Command) = (target, command);

    internal string Target { get; }

    internal ResourceCommand Command { get; }

    /// <summary>The number that the command is given, if it takes one.</summary>
    internal int Value { get; set; }
}
