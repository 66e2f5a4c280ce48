using System.CommandLine;
using HighAvail.Drill.Faults;
using HighAvail.Drill.Load;
using HighAvail.Drill.Systems;

namespace HighAvail.Drill;

/// <summary>The options of a drill as people write them, and what does not go together.</summary>
internal sealed class DrillArguments
{
    private const int MaxCustomers = 1_000;

    private readonly Option<int> _rate = new("--rate")
    {
        Description = "Requests per second.",
        DefaultValueFactory = _ => new LoadOptions().Rate,
        HelpName = "N",
    };

    private readonly Option<int> _customers = new("--customers")
    {
        Description = "Registered people.",
        DefaultValueFactory = _ => new LoadOptions().Customers,
        HelpName = "N",
    };

    private readonly Option<string?> _faults = new("--faults")
    {
        Description = "all, none, external (you break something, and press Enter when), random, or names of scenarios with commas between. "
            + "Default: all; with --target none.",
        HelpName = "WHICH",
    };

    private readonly Option<string?> _scenarios = new("--scenarios")
    {
        Description = "A file of scenarios instead of the built-in ones; drill.faults beside the program is the example.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _seed = new("--seed")
    {
        Description = "Repeats the random choices of an earlier run.",
        HelpName = "N",
    };

    private readonly Option<string?> _for = new("--for")
    {
        Description = "How long, with --faults none, external or random. Default: 1m.",
        HelpName = "DURATION",
    };

    private readonly Option<string?> _warmUp = new("--warm-up")
    {
        Description = "Undisturbed load before each fault. Default: 5s.",
        HelpName = "DURATION",
    };

    private readonly Option<string?> _recovery = new("--recovery")
    {
        Description = "A fault is over when everything is healthy and no request has failed for so long. Default: 5s.",
        HelpName = "DURATION",
    };

    private readonly Option<double> _slo = new("--slo")
    {
        Description = "The share of requests, in percent, that must be answered well.",
        DefaultValueFactory = _ => new DrillOptions().Slo,
        HelpName = "PERCENT",
    };

    private readonly Option<string?> _target = new("--target")
    {
        Description = "The address of a system that runs elsewhere.",
        HelpName = "URL",
    };

    private readonly Option<string?> _ca = new("--ca")
    {
        Description = "Who issued the target's certificate, in PEM form.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _attach = new("--attach")
    {
        Description = "Use the system that runs, with this state folder; without one, the one that 'dotnet run --project HighAvail.AppHost' "
            + "started.",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "FOLDER",
    };

    private readonly Option<string?> _edge = new("--edge")
    {
        Description = "What stands before the gateways of the system that is started: haproxy. Nothing by default.",
        HelpName = "EDGE",
    };

    private readonly Option<string?> _json = new("--json")
    {
        Description = "Write the report as JSON.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _html = new("--html")
    {
        Description = "Write the report as a web page.",
        HelpName = "FILE",
    };

    internal IEnumerable<Option> Options => [_rate, _customers, _faults, _scenarios, _seed, _for, _warmUp, _recovery, _slo, _target, _ca, _attach, _edge, _json, _html];

    /// <exception cref="DrillException">Something is out of range, or does not go together.</exception>
    internal DrillOptions Read(ParseResult parsed)
    {
        var isAttached = parsed.GetResult(_attach) is not null;
        var target = parsed.GetValue(_target) is { } url ? ParseTarget(url) : null;
        Require(target is null || !isAttached, "--target and --attach exclude each other: a drill has one system.");
        Require(target is not null || parsed.GetValue(_ca) is null, "--ca goes with --target; the authority of a local system is known.");
        Require(
            (target is null && !isAttached) || parsed.GetValue(_edge) is null, "--edge goes with a system that the drill starts; one that runs has an edge or has none.");
        var rate = parsed.GetValue(_rate);
        Require(rate is >= LoadOptions.MinRate and <= LoadOptions.MaxRate, $"--rate is between {LoadOptions.MinRate} and {LoadOptions.MaxRate}.");
        var customers = parsed.GetValue(_customers);
        Require(customers is >= 1 and <= MaxCustomers, $"--customers is between 1 and {MaxCustomers}.");
        var slo = parsed.GetValue(_slo);
        Require(slo is >= 0 and <= 100, "--slo is a percentage between 0 and 100.");

        var (mode, scenarios) = ReadFaults(parsed, target is not null);
        Require(
            mode is not FaultMode.Scenarios || parsed.GetValue(_for) is null,
            "--for goes with --faults none, external or random; scenarios last as long as their steps.");
        var defaults = new DrillOptions();
        return new()
        {
            Load = new() { Rate = rate, Customers = customers },
            Mode = mode,
            Scenarios = scenarios,
            Seed = parsed.GetValue(_seed) ?? Random.Shared.Next(),
            Duration = ReadDuration(parsed, _for, defaults.Duration),
            WarmUp = ReadDuration(parsed, _warmUp, defaults.WarmUp),
            Recovery = ReadDuration(parsed, _recovery, defaults.Recovery),
            Slo = slo,
            Target = target,
            AuthorityFile = parsed.GetValue(_ca),
            AttachTo = isAttached ? Path.GetFullPath(parsed.GetValue(_attach) ?? BuiltAppHost.UsualState) : null,
            Edge = parsed.GetValue(_edge),
            JsonFile = ReadOutputFile(parsed, _json),
            HtmlFile = ReadOutputFile(parsed, _html),
        };
    }

    private (FaultMode Mode, IReadOnlyList<Scenario> Scenarios) ReadFaults(ParseResult parsed, bool isElsewhere)
    {
        var wanted = parsed.GetValue(_faults) ?? (isElsewhere ? "none" : "all");
        var mode = wanted switch
        {
            "none" => FaultMode.None,
            "external" => FaultMode.External,
            "random" => FaultMode.Random,
            _ => FaultMode.Scenarios,
        };
        if (mode is FaultMode.None or FaultMode.External)
        {
            Require(parsed.GetValue(_scenarios) is null, $"--scenarios has no use with --faults {wanted}.");
            return (mode, []);
        }

        Require(!isElsewhere, "With --target, --faults is none or external: only a host of this repository can be told to break something.");
        var all = parsed.GetValue(_scenarios) is { } file ? ScenarioFile.Read(file) : ScenarioFile.ReadBuiltIn();
        return (mode, wanted is "all" or "random" ? all : [.. wanted.Split(',', StringSplitOptions.TrimEntries).Select(name => Find(name, all))]);
    }

    private static Scenario Find(string name, IReadOnlyList<Scenario> all) => all.FirstOrDefault(s => s.Name == name) ?? throw new DrillException(
        $"There is no scenario '{name}'. --faults takes {string.Join(", ", ScenarioFile.ReservedNames)}, or some of: {string.Join(", ", all.Select(s => s.Name))}.");

    private static Uri ParseTarget(string url) => Uri.TryCreate(url, UriKind.Absolute, out var target) && target.Scheme is "https" or "http"
        ? target
        : throw new DrillException($"'{url}' is no address; --target takes one such as https://shop.example.com.");

    private static TimeSpan ReadDuration(ParseResult parsed, Option<string?> option, TimeSpan usual) => parsed.GetValue(option) switch
    {
        null => usual,
        { } text when Durations.TryParse(text, out var duration) => duration,
        var text => throw new DrillException($"{option.Name} takes {Durations.Form}, not '{text}'."),
    };

    // At once, and not after half an hour of load.
    private static string? ReadOutputFile(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } file)
        {
            return null;
        }

        var path = Path.GetFullPath(file);
        Require(!Directory.Exists(path), $"{option.Name}: {path} is a folder.");
        Require(Directory.Exists(Path.GetDirectoryName(path)), $"{option.Name}: there is no folder {Path.GetDirectoryName(path)}.");
        return path;
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new DrillException(otherwise);
        }
    }
}
