using System.Text.RegularExpressions;

namespace HighAvail.Tests.Hosting;

/// <summary>A person looks up what was printed: every message of docs/errors.md must be one that the host can print.</summary>
public sealed partial class ErrorCatalogueTests
{
    // Shorter pieces, such as "in", say nothing about where they come from.
    private const int ShortestPiece = 8;

    private static readonly string _repository = Path.GetFullPath(Path.Combine(Projects.HighAvail_AppHost.ProjectPath, ".."));

    [Fact]
    public void Messages_OfTheCatalogue_AreInTheSource()
    {
        var source = Source();
        var pieces = File.ReadLines(Path.Combine(_repository, "docs", "errors.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split(" | ")[0])
            .SelectMany(cell => Code().Matches(cell))
            .Select(code => code.Groups[1].Value + code.Groups[2].Value)
            .SelectMany(message => (message.StartsWith("error: ", StringComparison.Ordinal) ? message[7..] : message).Split('…'))
            .Select(piece => piece.Trim(' ', '.', ':'))
            .Where(piece => piece.Length >= ShortestPiece)
            .ToArray();

        Assert.True(pieces.Length > 60, $"Only {pieces.Length} pieces were found.");
        Assert.All(pieces, piece => Assert.Contains(piece, source, StringComparison.Ordinal));
    }

    private static string Source()
    {
        var files = Directory.EnumerateFiles(Path.Combine(_repository, "HighAvail.Hosting"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(_repository, file).Split(Path.DirectorySeparatorChar).Contains("obj"));
        var source = string.Concat(files.Select(File.ReadAllText));
        return Concatenation().Replace(source, "").Replace("\\\"", "\"", StringComparison.Ordinal);
    }

    [GeneratedRegex("`` (.+?) ``|`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"""\s*\+\s*\$?""")]
    private static partial Regex Concatenation();
}
