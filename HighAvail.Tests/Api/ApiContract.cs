using System.Reflection;
using System.Text.RegularExpressions;

namespace HighAvail.Tests.Api;

/// <summary>docs/api.md: the calls that are promised, and the tests that hold them.</summary>
internal static partial class ApiContract
{
    private static readonly string _docs = Path.GetFullPath(Path.Combine(Projects.HighAvail_AppHost.ProjectPath, "..", "docs"));

    /// <summary>The rows of the tables: the first cell has one or more calls, the last one or more tests.</summary>
    public static IReadOnlyList<(IReadOnlyList<string> Calls, IReadOnlyList<string> Tests)> Rows { get; } =
    [
        .. File.ReadLines(Path.Combine(_docs, "api.md"))
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Trim().Trim('|').Split(" | "))
            .Select(static cells => (
                (IReadOnlyList<string>)[.. Call().Matches(cells[0]).Select(static call => $"{call.Groups[1].Value} {call.Groups[2].Value}")],
                (IReadOnlyList<string>)[.. TestName().Matches(cells[^1]).Select(static test => test.Groups[1].Value)]))
            .Where(static row => row.Item1.Count > 0),
    ];

    /// <summary>The rows of all tables of docs/api.md, of calls or of what they have in common, with the tests that the last cell names.</summary>
    public static IReadOnlyList<(string Row, IReadOnlyList<string> Tests)> AllRows { get; } =
    [
        .. File.ReadLines(Path.Combine(_docs, "api.md"))
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && !line.EndsWith("| test |", StringComparison.Ordinal))
            .Select(static line => (
                line,
                (IReadOnlyList<string>)[.. TestName().Matches(line.Trim().Trim('|').Split(" | ")[^1]).Select(static test => test.Groups[1].Value)])),
    ];

    public static IEnumerable<string> Calls => Rows.SelectMany(static row => row.Calls).Where(static call => !IsOfTheGateway(call));

    /// <summary>All tests that a page of the documentation names, as <c>Class.Method</c>.</summary>
    public static IReadOnlyList<string> TestsOf(string page) =>
        [.. TestName().Matches(File.ReadAllText(Path.Combine(_docs, page))).Select(static test => test.Groups[1].Value)];

    /// <summary>All tests there are, as <c>Class.Method</c>.</summary>
    public static ISet<string> Tests { get; } = Assembly.GetExecutingAssembly().GetTypes()
        .SelectMany(static type => type.GetMethods(), static (type, method) => (Type: type, Method: method))
        .Where(static test => test.Method.GetCustomAttributes<FactAttribute>().Any())
        .Select(static test => $"{test.Type.Name}.{test.Method.Name}")
        .ToHashSet();

    /// <summary>The rows of the table of OWASP's list in security.md.</summary>
    public static IReadOnlyList<(string Id, IReadOnlyList<string> Tests)> OwaspRows { get; } =
    [
        .. File.ReadLines(Path.Combine(_docs, "security.md"))
            .Where(static line => line.StartsWith("| API", StringComparison.Ordinal))
            .Select(static line => (
                line.Split(' ')[1],
                (IReadOnlyList<string>)[.. TestName().Matches(line).Select(static test => test.Groups[1].Value)])),
    ];

    private static bool IsOfTheGateway(string call) => call is "GET /health" or "GET /alive" or "GET /docs" || call.StartsWith("GET /openapi/", StringComparison.Ordinal);

    // GET /orders/{id}: without what may follow in the query string.
    [GeneratedRegex("`(GET|POST|PUT|PATCH|DELETE) (/[^`?]*)[^`]*`")]
    private static partial Regex Call();

    // Class.Method_Condition_Outcome.
    [GeneratedRegex("`([A-Z][A-Za-z0-9]+Tests\\.[A-Z][A-Za-z0-9]+_[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
