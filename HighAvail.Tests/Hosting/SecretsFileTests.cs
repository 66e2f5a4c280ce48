namespace HighAvail.Tests.Hosting;

/// <summary>The app host with a <c>secrets.json</c> that somebody edited.</summary>
[Collection(nameof(WholeMachine))]
public sealed class SecretsFileTests : IDisposable
{
    private readonly AppHostState _state = new();

    private static CancellationToken Cancelled => Patience.Token;

    private string Secrets => Path.Combine(_state.Path, "secrets.json");

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("{\n  \"Parameters:postgres-password\": by hand\n}\n", "it is not valid JSON in line 2, column 35: ")]
    [InlineData("{ \"Parameters:postgres-password\": 12345 }\n", "the value of \"Parameters:postgres-password\" must be a string, in quotation marks")]
    public async Task Start_SecretsCannotBeUnderstood_SaysWhereAndExitsWithOneAndKeepsThem(string contents, string message)
    {
        await File.WriteAllTextAsync(Secrets, contents, Cancelled);

        using var host = await AppHostProcess.StartAsync(_state, Cancelled);
        var output = await host.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Contains($"{Secrets} cannot be used: {message}", output, StringComparison.Ordinal);
        Assert.Equal(contents, await File.ReadAllTextAsync(Secrets, Cancelled));
    }

    [Fact]
    public async Task Start_PasswordIsNotThatOfTheData_SaysSoAndExitsWithOneAndTheOldOneHelps()
    {
        using (var first = await AppHostProcess.StartAsync(_state, Cancelled))
        {
            await first.LineAsync("ordersdb  healthy", Cancelled);
        }

        var secrets = await File.ReadAllTextAsync(Secrets, Cancelled);
        await File.WriteAllTextAsync(Secrets, secrets.Replace("postgres-password\": \"", "postgres-password\": \"not-", StringComparison.Ordinal), Cancelled);
        using (var host = await AppHostProcess.StartAsync(_state, Cancelled))
        {
            var output = await host.OutputAsync(Cancelled);

            Assert.Equal(1, host.ExitCode);
            Assert.Contains($"'postgres' does not take its password: the data in {_state.Path}/data/postgres were made with another one.", output, StringComparison.Ordinal);
            Assert.Contains($"-- reset-data --HighAvail:StateDirectory={_state.Path}", output, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Secrets, secrets, Cancelled);
        using var next = await AppHostProcess.StartAsync(_state, Cancelled);
        await next.LineAsync("ordersdb  healthy", Cancelled);
    }
}
