namespace HighAvail.Tests.Hosting;

/// <summary>On a person's machine npm or the network may be missing; where everything must be there, that is a failure.</summary>
internal static class Provisioned
{
    internal static async Task<T> OrSkipAsync<T>(AppHostProcess host, Func<Task<T>> waitAsync)
    {
        try
        {
            return await waitAsync();
        }
        catch (InvalidOperationException) when (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
            && host.Printed.Contains("instead failed", StringComparison.Ordinal))
        {
            Assert.Skip(host.Printed);
            throw;
        }
    }
}
