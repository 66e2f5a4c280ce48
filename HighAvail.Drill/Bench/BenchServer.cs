using System.Diagnostics;

namespace HighAvail.Drill.Bench;

/// <summary>A server that this program starts of itself, in a process of its own as every service has one. It ends with its standard input.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    /// <summary>What begins the line in which a server says that it serves, and where.</summary>
    private const string Ready = "ready: ";

    private readonly Process _process;

    private BenchServer(Process process, string[] said) => (_process, Said) = (process, said);

    /// <summary>What it said when it was ready, word by word.</summary>
    public string[] Said { get; }

    /// <param name="verb">The hidden verb that serves.</param>
    /// <param name="environment">What it has to know.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="InvalidOperationException">It ended before it was ready.</exception>
    public static async Task<BenchServer> StartAsync(
        string verb, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { Environment.GetCommandLineArgs()[0], verb },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (!Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.RemoveAt(0);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith(Ready, StringComparison.Ordinal))
                {
                    return new BenchServer(process, line[Ready.Length..].Split(' '));
                }
            }

            throw new InvalidOperationException($"{verb} did not start.");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>In the server: says where it serves, and serves until its standard input ends, so that it does not outlive whoever started it.</summary>
    public static async Task ServeAsync(string said, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{Ready}{said}");
        await Console.In.ReadToEndAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
