using System.CommandLine;
using System.CommandLine.Invocation;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Control.Verbs;
using HighAvail.Hosting.Networking;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Hosting.Control;

/// <summary>What can be asked of the running host at a terminal. Everything goes through the control API.</summary>
internal sealed class CommandLine
{
    private readonly HostDirectories _directories;
    private readonly CommandOutput _output;
    private readonly TimeProvider _time;
    private readonly CertificateAuthority _certificates;

    private CommandLine(HostDirectories directories, CommandOutput output, TimeProvider time, CertificateAuthority certificates) =>
        (_directories, _output, _time, _certificates) = (directories, output, time, certificates);

    internal static Task<int> InvokeAsync(IServiceProvider services, string[] args, CancellationToken cancellationToken) =>
        InvokeAsync(services, args, CommandOutput.Standard, cancellationToken);

    /// <returns>The exit code: 1 when it cannot be done.</returns>
    internal static async Task<int> InvokeAsync(IServiceProvider services, string[] args, CommandOutput output, CancellationToken cancellationToken)
    {
        var root = new CommandLine(
            services.GetRequiredService<HostDirectories>(),
            output,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<CertificateAuthority>()).Create();
        if (args[0][0] != '-' && !root.Subcommands.Any(c => c.Name == args[0]))
        {
            var names = root.Subcommands.Select(c => c.Name).ToArray();
            await output.Error.WriteLineAsync(
                $"error: There is no command '{args[0]}'.{NearestNames.Question(NearestNames.Find(args[0], names))} Commands: {string.Join(", ", names)}.").ConfigureAwait(false);
            return 1;
        }

        // No response files: a name that begins with @ is just a wrong name.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                await output.Error.WriteLineAsync($"error: {error.Message}").ConfigureAwait(false);
            }

            return 1;
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = output.Out,
                Error = output.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DistributedApplicationException or IOException or UnauthorizedAccessException)
        {
            await output.Error.WriteLineAsync($"error: {exception.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    private RootCommand Create() => new("Runs the application, or asks something of the instance that runs.")
    {
        Ps(),
        Logs(),
        Describe(),
        Act(KnownResourceCommands.StartCommand, "Start what was stopped.", "started"),
        Stop(),
        Act(KnownResourceCommands.RestartCommand, "Stop and start again.", "restarted"),
        Act(KnownResourceCommands.RollingRestartCommand, "Stop and start again one replica after another, never with fewer ready ones than before.", "restarted one by one"),
        Scale(),
        Act(KnownResourceCommands.KillCommand, "Kill with SIGKILL; supervision starts it again.", "killed"),
        Act(KnownResourceCommands.PauseCommand, "Freeze with SIGSTOP, as if it hung.", "paused"),
        Act(KnownResourceCommands.ResumeCommand, "Let what is paused go on.", "resumed"),
        TrustAuthority(),
        Reset(),

        // Both are taken out of the command line before it gets here; here they are for people to read.
        new Option<string?>(HostArguments.Isolated)
        {
            Description = "Start an instance beside others, with a state and ports of its own; with a command: ask that one.",
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrOne,
        },
        new Option<string?>($"--{HostSettings.StateDirectory}") { Description = "Where the state is, if not in .highavail.", HelpName = "FOLDER" },
    };

    private Command Ps()
    {
        var json = Json();
        var command = new Command("ps", "List the resources and their replicas.") { json };
        command.SetAction((parsed, token) => WithHostAsync(async client =>
        {
            if (parsed.GetValue(json))
            {
                await _output.Out.WriteLineAsync(await client.ResourcesJsonAsync(token).ConfigureAwait(false)).ConfigureAwait(false);
                return;
            }

            ResourceTable.Print(await client.ResourcesAsync(token).ConfigureAwait(false), _output, _time.GetUtcNow());
            if (client.Host.DashboardUrl is { } dashboard)
            {
                await _output.Error.WriteLineAsync($"Dashboard: {dashboard}").ConfigureAwait(false);
            }

            if (IsolatedState.Others(_directories) is { Length: > 0 } others)
            {
                // Beside the table, which scripts read.
                await _output.Error.WriteLineAsync(others).ConfigureAwait(false);
            }
        }, token));
        return command;
    }

    private Command Describe()
    {
        var name = Name();
        var json = Json();
        var command = new Command("describe", "Show everything about a resource or replica; secrets are masked.") { name, json };
        command.SetAction((parsed, token) => WithHostAsync(async client =>
        {
            var wanted = parsed.GetRequiredValue(name);
            if (parsed.GetValue(json))
            {
                await _output.Out.WriteLineAsync(await client.ResourceJsonAsync(wanted, token).ConfigureAwait(false)).ConfigureAwait(false);
                return;
            }

            ResourceDescription.Print(await client.ResourceAsync(wanted, token).ConfigureAwait(false), _output, _time.GetUtcNow());
        }, token));
        return command;
    }

    private Command Logs()
    {
        var name = Name();
        var json = Json();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes." };
        var tail = new Option<int?>("--tail", "-n") { Description = "Only so many of the last lines." };
        tail.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !uint.TryParse(token.Value, out _))
            {
                result.AddError($"--tail takes a number of lines, not '{token.Value}'.");
            }
        });
        var command = new Command("logs", "Show the output of a resource or replica.") { name, follow, tail, json };
        command.SetAction((parsed, token) => WithHostAsync(async client =>
        {
            var wanted = parsed.GetRequiredValue(name);
            var lines = client.LogLinesAsync(wanted, parsed.GetValue(follow), parsed.GetValue(tail), token);
            if (!parsed.GetValue(json))
            {
                var several = (await client.ResourceAsync(wanted, token).ConfigureAwait(false)).Replicas.Count > 1;
                await LogPrinter.PrintAsync(lines, several, _output, token).ConfigureAwait(false);
                return;
            }

            await foreach (var line in lines.ConfigureAwait(false))
            {
                await _output.Out.WriteLineAsync(line).ConfigureAwait(false);
            }
        }, token));
        return command;
    }

    private Command Stop()
    {
        var name = new Argument<string?>("name") { Description = "A resource or replica; without it everything.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command(KnownResourceCommands.StopCommand, "Stop a resource or replica and leave it stopped; or stop everything and the app host.") { name };
        command.SetAction((parsed, token) => WithHostAsync(async client =>
        {
            if (parsed.GetValue(name) is { } one)
            {
                await ActAsync(client, one, KnownResourceCommands.StopCommand, "stopped", token).ConfigureAwait(false);
                return;
            }

            var began = _time.GetTimestamp();
            await client.StopAsync(token).ConfigureAwait(false);
            await client.GoneAsync(token).ConfigureAwait(false);
            await _output.Out.WriteLineAsync(FormattableString.Invariant($"Stopped in {_time.GetElapsedTime(began).TotalSeconds:0.0} s.")).ConfigureAwait(false);
        }, token));
        return command;
    }

    private Command Scale()
    {
        var name = new Argument<string>("name") { Description = "A resource." };
        var replicas = new Argument<string>("replicas") { Description = "How many replicas there should be, until the app host stops." };
        var command = new Command(KnownResourceCommands.ScaleCommand, "Start more replicas and wait until they are ready, or drain the newest ones.") { name, replicas };
        command.SetAction((parsed, token) => WithHostAsync(async client =>
        {
            var (wanted, resource) = (parsed.GetRequiredValue(replicas), parsed.GetRequiredValue(name));
            await client.ExecuteAsync(resource, KnownResourceCommands.ScaleCommand, CommandBody.Of("replicas", wanted), token).ConfigureAwait(false);
            await _output.Out.WriteLineAsync($"{resource} scaled to {wanted}.").ConfigureAwait(false);
        }, token));
        return command;
    }

    private Command TrustAuthority()
    {
        var undo = new Option<bool>("--undo") { Description = "Do not trust it any more." };
        var command = new Command("trust", "Let your own programs, such as browsers, trust the certificates of this system.") { undo };
        command.SetAction((parsed, token) => Trust.RunAsync(_certificates, _directories, parsed.GetValue(undo), _output, token));
        return command;
    }

    private Command Reset()
    {
        var yes = new Option<bool>(HostArguments.Yes) { Description = "Do not ask." };
        var command = new Command(HostArguments.ResetData, "Delete the data of all servers, while nothing runs.") { yes };
        command.SetAction((parsed, token) => ResetData.RunAsync(_directories, parsed.GetValue(yes), _output, _time, token));
        return command;
    }

    private Command Act(string verb, string description, string done)
    {
        var name = Name();
        var command = new Command(verb, description) { name };
        command.SetAction((parsed, token) => WithHostAsync(client => ActAsync(client, parsed.GetRequiredValue(name), verb, done, token), token));
        return command;
    }

    private async Task ActAsync(ControlClient client, string name, string verb, string done, CancellationToken cancellationToken)
    {
        await client.ExecuteAsync(name, verb, null, cancellationToken).ConfigureAwait(false);
        await _output.Out.WriteLineAsync($"{name} {done}.").ConfigureAwait(false);
    }

    private async Task<int> WithHostAsync(Func<ControlClient, Task> action, CancellationToken cancellationToken)
    {
        using var client = await ControlClient.OpenAsync(_directories, cancellationToken).ConfigureAwait(false);
        await action(client).ConfigureAwait(false);
        return 0;
    }

    private static Argument<string> Name() => new("name") { Description = "A resource or replica." };

    private static Option<bool> Json() => new("--json") { Description = "Print JSON, for scripts." };
}
