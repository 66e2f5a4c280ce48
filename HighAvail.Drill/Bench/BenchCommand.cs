using System.CommandLine;
using System.Globalization;
using HighAvail.Drill.Bench.Bare;
using HighAvail.Drill.Bench.Floor;
using HighAvail.Drill.Bench.Telemetry;
using Spectre.Console;

namespace HighAvail.Drill.Bench;

/// <summary><c>bench</c>: what the system can do, measured against a floor.</summary>
internal static class BenchCommand
{
    /// <summary>Starts the floor's server, for <see cref="FloorProcess"/>.</summary>
    public const string FloorVerb = "bench-floor";

    /// <summary>Starts <see cref="BareProxy"/>.</summary>
    public const string BareVerb = "bench-bare";

    private static readonly Dictionary<string, Func<BenchOptions, BenchReport, CancellationToken, Task>> _suites = new(StringComparer.Ordinal)
    {
        ["place"] = PlacingBench.RunAsync,
        ["read"] = ReadingBench.RunAsync,
        ["list"] = ListingBench.RunAsync,
        ["gateway"] = GatewayBench.RunAsync,
        ["overload"] = OverloadBench.RunAsync,
        ["telemetry"] = TelemetryBench.RunAsync,
    };

    public static Command Create()
    {
        var suites = new Argument<string[]>("suite") { Description = "What is measured; everything without.", Arity = ArgumentArity.ZeroOrMore };
        suites.AcceptOnlyFromAmong([.. _suites.Keys]);
        var rounds = Number("--rounds", "Rounds of each contestant.", 5);
        var warmUp = Number("--warm-up", "Seconds of warm-up for each contestant.", 14);
        var duration = Number("--duration", "Seconds of a round.", 5);
        var clients = Number("--clients", "Clients that send at the same time.", 32);
        var command = new Command("bench", "Measures throughput and latency against a floor. Nothing else should run on the machine.")
        {
            suites, rounds, warmUp, duration, clients,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new BenchOptions(
                parsed.GetValue(rounds),
                TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                TimeSpan.FromSeconds(parsed.GetValue(duration)),
                parsed.GetValue(clients));
            var report = new BenchReport(AnsiConsole.Console);
            var asked = parsed.GetValue(suites) is { Length: > 0 } some ? some : [.. _suites.Keys];
            foreach (var suite in asked.Distinct())
            {
                await _suites[suite](options, report, cancellationToken);
            }

            report.Print();
            return report.IsSound ? 0 : 1;
        });
        return command;
    }

    /// <summary>Not for people: what serves in a process of its own.</summary>
    public static IEnumerable<Command> CreateServers() => [Server(FloorVerb, FloorServer.RunAsync), Server(BareVerb, BareProxy.RunAsync)];

    private static Command Server(string verb, Func<CancellationToken, Task> run)
    {
        var command = new Command(verb) { Hidden = true };
        command.SetAction((_, cancellationToken) => run(cancellationToken));
        return command;
    }

    private static Option<int> Number(string name, string description, int usual)
    {
        var option = new Option<int>(name) { Description = $"{description} {usual.ToString(CultureInfo.InvariantCulture)} by default.", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            // What is no number at all is said by the parser itself.
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number is < 1 or > 10_000)
            {
                result.AddError($"{name} must be between 1 and 10000.");
            }
        });
        return option;
    }
}
