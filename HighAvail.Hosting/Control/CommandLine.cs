namespace HighAvail.Hosting.Control;

internal static class CommandLine
{
    internal static Task<int> InvokeAsync(IServiceProvider services, string[] args, CancellationToken cancellationToken) => Task.FromResult(0);
}
