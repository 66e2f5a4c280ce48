namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>A program this system needs is not on this machine. The message names what was tried and the command that fixes it.</summary>
internal sealed class BinaryNotFoundException(string message) : Exception(message)
{
    /// <param name="searched">Where it was looked for.</param>
    /// <param name="remedy">What helps.</param>
    public BinaryNotFoundException(string searched, string remedy)
        : this($"{searched}\n{remedy}") => (Searched, Remedy) = (searched, remedy);

    /// <summary>Where it was looked for; <see langword="null"/> when configuration names one place, and that is wrong.</summary>
    public string? Searched { get; }

    public string? Remedy { get; }
}
