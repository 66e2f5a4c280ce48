using System.Text.RegularExpressions;

namespace HighAvail.Tests.Hosting;

/// <summary>A person looks up what was printed: every message of docs/errors.md must be one that the host or a service can print.</summary>
public sealed partial class ErrorCatalogueTests
{
    // Shorter pieces, such as "in", say nothing about where they come from.
    private const int ShortestPiece = 7;

    // What only the authors of callbacks can meet, and a message that is in the catalogue with nothing but short pieces.
    private static readonly string[] _notLookedFor =
    [
        "{PostgresKey} is '{configured}', but {problem}.",
        "{nameof(EnsureAsync)} comes first.",
        "Ambiguous tags - a tag was provided on both the 'tag' and 'image' parameters",
        "The application is not running.",
        "The resource '{builder.Resource.Name}' does not have a container image specified. Use WithImage to specify the container image and tag.",
        "The uri for service reference must be absolute.",
        "Unexpected value ",
    ];

    private static readonly string _repository = Path.GetFullPath(Path.Combine(Projects.HighAvail_AppHost.ProjectPath, ".."));

    [Fact]
    public void Messages_OfTheCatalogue_AreInTheSource()
    {
        var source = Source("HighAvail.Hosting") + Source("HighAvail.ServiceDefaults") + Source("HighAvail.UserService") + Source("HighAvail.AppHost");
        var pieces = Pieces();

        Assert.True(pieces.Length > 60, $"Only {pieces.Length} pieces were found.");
        Assert.All(pieces, piece => Assert.Contains(piece, source, StringComparison.Ordinal));
    }

    [Fact]
    public void Messages_OfTheHostsExceptions_AreInTheCatalogue()
    {
        var pieces = Pieces();
        var messages = Thrown().Matches(Source("HighAvail.Hosting", "Control", "Networking", "Orchestration", "Resources") + Source("HighAvail.AppHost", "Edge"))
            .Select(thrown => thrown.Groups[1].Value)
            .Except(_notLookedFor)
            .ToArray();

        Assert.True(messages.Length > 40, $"Only {messages.Length} messages were found.");
        Assert.All(messages, message => Assert.True(pieces.Any(piece => message.Contains(piece, StringComparison.Ordinal)), message));
    }

    private static string[] Pieces() =>
    [
        .. File.ReadLines(Path.Combine(_repository, "docs", "errors.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split(" | ")[0])
            .SelectMany(cell => Code().Matches(cell))
            .Select(code => code.Groups[1].Value + code.Groups[2].Value)
            .SelectMany(message => (message.StartsWith("error: ", StringComparison.Ordinal) ? message[7..] : message).Split('…'))
            .Select(piece => piece.Trim(' ', '.', ':'))
            .Where(piece => piece.Length >= ShortestPiece),
    ];

    private static string Source(string project, params string[] folders)
    {
        var root = Path.Combine(_repository, project);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)[0] is var folder
                && folder != "obj" && (folders.Length == 0 || folders.Contains(folder)));
        var source = string.Concat(files.Select(File.ReadAllText));
        return Concatenation().Replace(source, "").Replace("\\\"", "\"", StringComparison.Ordinal);
    }

    // The beginning of a message, up to the first quotation mark in it.
    [GeneratedRegex(@"throw new (?:DistributedApplication|InvalidOperation|ReplicaConfiguration|BinaryNotFound|Provisioning|ProcessStart|PortUnavailable|NativeTool)Exception\(\s*\$?""([^""]+)")]
    private static partial Regex Thrown();

    [GeneratedRegex("`` (.+?) ``|`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"""\s*\+\s*\$?""")]
    private static partial Regex Concatenation();
}
