using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace HighAvail.Hosting.Orchestration;

/// <summary>What processes use at one moment: a server such as Postgres is many.</summary>
internal sealed class ProcessUsage
{
    private readonly ILookup<int?, int>? _children = OperatingSystem.IsLinux() ? LinuxProcessTree.Children() : null;

    /// <summary>Processor time and memory of a process and all that it started, or <see langword="null"/> when it has ended.</summary>
    internal (TimeSpan Cpu, long Memory)? Of(int processId)
    {
        if (Read(processId, isFirst: true) is not { } total)
        {
            return null;
        }

        foreach (var child in _children is null ? [] : LinuxProcessTree.DescendantsOf(processId, _children))
        {
            var (cpu, memory) = Read(child, isFirst: false) ?? default;
            total = (total.Cpu + cpu, total.Memory + memory);
        }

        return total;
    }

    private static (TimeSpan Cpu, long Memory)? Read(int processId, bool isFirst)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return (process.TotalProcessorTime, isFirst ? process.WorkingSet64 : OwnMemory(processId));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception or IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    // Resident pages without those that it shares with others (proc(5), statm): Postgres' buffers are in each of its processes.
    private static long OwnMemory(int processId)
    {
        var pages = File.ReadAllText($"/proc/{processId}/statm").Split(' ');
        return (long.Parse(pages[1], CultureInfo.InvariantCulture) - long.Parse(pages[2], CultureInfo.InvariantCulture)) * Environment.SystemPageSize;
    }
}
