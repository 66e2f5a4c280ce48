using System.Globalization;
using System.Text.RegularExpressions;

namespace HighAvail.Drill.Faults;

/// <summary>Reads a file of scenarios; the file that comes with the drill says at its beginning how one is written.</summary>
/// <param name="name">The file's name, for messages.</param>
internal sealed partial class ScenarioFile(string name)
{
    internal const string BuiltInName = "drill.faults";

    /// <summary>What <c>--faults</c> takes beside the names of scenarios.</summary>
    internal static readonly string[] ReservedNames = ["all", "none", "external", "random"];

    private static readonly string[] _commands = ["kill", "pause", "resume", "stop", "start", "restart", "rolling-restart"];
    private static readonly string[] _verbs = [.. _commands, ScaleStep.Command, "empty", "wait"];

    private readonly List<Draft> _scenarios = [];
    private int _line;

    /// <summary>The scenarios that come with the drill.</summary>
    internal static IReadOnlyList<Scenario> ReadBuiltIn()
    {
        using var stream = typeof(ScenarioFile).Assembly.GetManifestResourceStream(BuiltInName)!;
        using var reader = new StreamReader(stream);
        return new ScenarioFile(BuiltInName).Parse(reader.ReadToEnd());
    }

    /// <exception cref="DrillException">It cannot be read, or says something that is not understood.</exception>
    internal static IReadOnlyList<Scenario> Read(string path)
    {
        try
        {
            return new ScenarioFile(path).Parse(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DrillException($"The scenarios cannot be read from {path}: {exception.Message}", exception);
        }
    }

    /// <exception cref="DrillException">The text says something that is not understood; the message names the line.</exception>
    internal IReadOnlyList<Scenario> Parse(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            _line++;
            var content = line.TrimEnd();
            if (content.TrimStart() is "" or ['#', ..])
            {
                continue;
            }

            if (char.IsWhiteSpace(content[0]))
            {
                AddStep(content.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            }
            else
            {
                RequireSteps();
                _scenarios.Add(ParseTitle(content));
            }
        }

        RequireSteps();
        return _scenarios.Count > 0
            ? [.. _scenarios.Select(s => new Scenario(s.Name, s.Title, s.Steps))]
            : throw new DrillException($"{name} holds no scenario.");
    }

    private void AddStep(string[] words)
    {
        var step = ParseStep(words);
        if (_scenarios.Count == 0)
        {
            throw Wrong("a step belongs to a scenario, which begins with a line such as \"kill-orders: an Order replica is killed\", without indentation");
        }

        _scenarios[^1].Steps.Add(step);
    }

    private void RequireSteps()
    {
        if (_scenarios is [.., { Steps.Count: 0 } last])
        {
            _line = last.Line;
            throw Wrong($"'{last.Name}' has no steps. They stand below it, indented, such as \"    kill one orders\"");
        }
    }

    private Draft ParseTitle(string line)
    {
        var parts = line.Split(':', 2, StringSplitOptions.TrimEntries);
        if (parts is not [var scenario, { Length: > 0 } title] || !ScenarioName().IsMatch(scenario))
        {
            throw Wrong("a scenario begins with its name (small letters, digits, hyphens), a colon and what it is, such as \"kill-orders: an Order replica is killed\"; steps are indented");
        }

        return ReservedNames.Contains(scenario) ? throw Wrong($"'{scenario}' means something else to --faults; take another name")
            : _scenarios.Any(s => s.Name == scenario) ? throw Wrong($"there is a scenario '{scenario}' already")
            : new(scenario, title, _line, []);
    }

    private Step ParseStep(string[] words) => words switch
    {
        ["wait", "for", .. var target, "to", "start"] => new WaitForStartStep(ParseTarget(target)),
        ["wait", var duration] when Durations.TryParse(duration, out var parsed) => new WaitStep(parsed),
        ["wait", ..] => throw Wrong($"wait takes a duration ({Durations.Form}), or is \"wait for one orders to start\""),
        [ScaleStep.Command, var resource, var number] when IsName(resource) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) && replicas > 0 =>
            new ScaleStep(resource, replicas),
        [ScaleStep.Command, ..] => throw Wrong("scale takes a resource and a number of replicas, such as \"scale orders 3\""),
        ["empty", var resource] when IsName(resource) => new EmptyStep(resource),
        ["empty", ..] => throw Wrong("empty takes a resource that is a Redis, such as \"empty cache\""),
        [var command, .. var target] when _commands.Contains(command) => new CommandStep(command, ParseTarget(target)),
        [var verb, ..] => throw Wrong($"there is no step '{verb}', only: {string.Join(", ", _verbs)}"),
        [] => throw new InvalidOperationException("A line without words."),
    };

    private StepTarget ParseTarget(string[] words) => words switch
    {
        ["one", var resource] when IsName(resource) => new(Selection.One, resource),
        ["all", "but", "one", var resource] when IsName(resource) => new(Selection.AllButOne, resource),
        [var resource] when IsName(resource) => new(Selection.Named, resource),
        _ => throw Wrong(
            $"'{string.Join(' ', words)}' is not what a step can be done to. That is a resource (orders), a replica (orders-0), \"one orders\" or \"all but one orders\""),
    };

    private DrillException Wrong(string problem) => new($"{name}:{_line}: {problem}.");

    private static bool IsName(string word) => ResourceName().IsMatch(word);

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex ScenarioName();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9-]*$")]
    private static partial Regex ResourceName();

    private sealed record Draft(string Name, string Title, int Line, List<Step> Steps);
}
