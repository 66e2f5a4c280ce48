namespace HighAvail.Hosting.Control;

/// <summary>Finds what someone may have meant.</summary>
internal static class NearestNames
{
    private const int MaxNames = 3;

    /// <summary>The names most like the given one, best first: one that begins with it, or differs in about a third of its letters at most.</summary>
    internal static string[] Find(string name, IEnumerable<string> candidates)
    {
        // Anything longer is no slip of the finger, and comparing costs its length.
        if (name.Length is 0 or > 2 * ApplicationModel.ModelName.MaxLength)
        {
            return [];
        }

        var limit = Math.Max(2, name.Length / 3);
        return [.. candidates
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(candidate => (Name: candidate, Distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(c => c.Distance < c.Name.Length && (c.Distance <= limit || c.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(c => c.Distance)
            .Take(MaxNames)
            .Select(c => c.Name)];
    }

    /// <summary>The question to put after a message; empty when nothing is near.</summary>
    internal static string Question(IReadOnlyCollection<string> nearest) => nearest.Count == 0 ? string.Empty : $" Did you mean {string.Join(" or ", nearest.Select(n => $"'{n}'"))}?";

    // Optimal string alignment: insertions, deletions, substitutions, and neighbours swapped.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
