using System.Globalization;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Who was started by whom, as /proc says it.</summary>
internal static class LinuxProcessTree
{
    /// <summary>The children of a process, their children, and so on.</summary>
    internal static IReadOnlyList<int> DescendantsOf(int processId) => DescendantsOf(processId, Children());

    /// <summary>The children of a process, their children, and so on.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="children">The children of each.</param>
    internal static IReadOnlyList<int> DescendantsOf(int processId, ILookup<int?, int> children)
    {
        var descendants = new List<int>(children[processId]);
        for (var i = 0; i < descendants.Count; i++)
        {
            descendants.AddRange(children[descendants[i]]);
        }

        return descendants;
    }

    /// <summary>The children of every process at this moment.</summary>
    internal static ILookup<int?, int> Children() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0)
        .ToLookup(ParentOf);

    private static int? ParentOf(int processId)
    {
        try
        {
            // pid (name) state ppid …; the name may hold anything, so the last parenthesis counts (proc(5)).
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 3)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
