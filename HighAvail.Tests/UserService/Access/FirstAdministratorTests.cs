using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.UserService.Access;
using HighAvail.UserService.Keys;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace HighAvail.Tests.UserService.Access;

/// <summary>The administrator that the app host's parameters name.</summary>
public sealed class FirstAdministratorTests(SharedPostgres postgres) : IAsyncLifetime
{
    private const string Email = "Root@Example.org";
    private const string Password = "correct horse battery";
    private const string NewPassword = "staple battery horse";

    private string _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await (await postgres.GetAsync(Cancellation)).CreateDatabaseAsync(Cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Start_TwoReplicasAtOnce_MakeOneAdministratorWhoCanSignIn()
    {
        var replicas = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => StartAsync(Password), Cancellation)));
        await using var first = replicas[0];
        await using var second = replicas[1];

        var login = await SignInAsync(second, Password);

        using var client = first.CreateClient((string)login!["accessToken"]!);
        var users = (await client.GetFromJsonAsync<JsonObject>("/users", Cancellation))!["items"]!.AsArray();
        Assert.Equal((Email, "admin"), ((string?)Assert.Single(users)!["email"], (string?)users[0]!["role"]));
    }

    [Fact]
    public async Task Start_SameSettingsAgain_UndoesNothing()
    {
        await using (await StartAsync(Password))
        {
        }

        await ExecuteAsync("UPDATE users SET role = 'customer', display_name = 'Ann', version = version + 1");

        await using var again = await StartAsync(Password);
        Assert.NotNull(await SignInAsync(again, Password));
        Assert.Equal("customer Ann 2", await QueryAsync("SELECT role || ' ' || display_name || ' ' || version FROM users"));
    }

    [Fact]
    public async Task Start_NewPassword_IsTheOnlyOneAndEndsWhatTheOldOneBegan()
    {
        await using var first = await StartAsync(Password);
        var login = await SignInAsync(first, Password);
        await ExecuteAsync("UPDATE users SET deactivated_at = now(), role = 'customer'");

        await using var second = await StartAsync(NewPassword);

        Assert.Null(await SignInAsync(second, Password));
        Assert.NotNull(await SignInAsync(second, NewPassword));
        Assert.Equal("admin", await QueryAsync("SELECT role FROM users WHERE deactivated_at IS NULL"));
        using var client = second.CreateClient();
        using var refreshed = await client.PostAsJsonAsync("/auth/refresh", new { refreshToken = (string)login!["refreshToken"]! }, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refreshed.StatusCode);
    }

    // As while replicas are replaced one by one: one of before crashes and starts again, with the settings of before.
    [Fact]
    public async Task Start_SettingsThatWereReplaced_ChangeNothingAndSaySo()
    {
        const string Newest = "horse staple battery";
        await using var old = await StartAsync(Password);
        await using (await StartAsync(NewPassword))
        {
        }

        await using var third = await StartAsync(Newest);
        var users = await QueryAsync("SELECT u::text FROM users AS u");
        var logs = new RecordedLogs();
        logs.Start();

        foreach (var replaced in (string[])[Password, NewPassword])
        {
            await using var again = await StartAsync(replaced, logs.AddTo);
            Assert.Null(await SignInAsync(again, replaced));
        }

        Assert.Equal(users, await QueryAsync("SELECT u::text FROM users AS u"));
        Assert.Equal(2, logs.Entries.Count(entry => entry.Level == LogLevel.Warning && entry.Category == typeof(FirstAdministrator).FullName));
        Assert.NotNull(await SignInAsync(third, Newest));
    }

    // It looked while they were new, and is late.
    [Fact]
    public async Task Start_SettingsAreReplacedWhileTheirPasswordIsHashed_ChangesNothing()
    {
        const string Newest = "horse staple battery";
        await using var first = await StartAsync(Password);
        using var hasher = new HeldPasswordHasher();
        var late = Task.Run(() => StartAsync(NewPassword, services => services.AddSingleton<IPasswordHasher<object>>(hasher)), Cancellation);
        await Eventually.TrueAsync(() => hasher.Running == 1);
        foreach (var password in (string[])[NewPassword, Newest])
        {
            await using var other = await StartAsync(password);
        }

        var users = await QueryAsync("SELECT u::text FROM users AS u");
        hasher.Release();
        await using var started = await late;

        Assert.Equal(users, await QueryAsync("SELECT u::text FROM users AS u"));
        Assert.NotNull(await SignInAsync(first, Newest));
    }

    // Whoever registered the address before does not become one by that.
    [Fact]
    public async Task Start_AddressIsTaken_BelongsToWhoeverKnowsThePasswordOfTheSettings()
    {
        await using (var before = await ServiceReplica<SigningKeyStore>.StartReadyAsync(("ConnectionStrings:usersdb", _database)))
        {
            using var client = before.CreateClient();
            var eve = new { email = Email.ToLowerInvariant(), password = NewPassword, displayName = "Eve" };
            (await client.PostAsJsonAsync("/auth/register", eve, Cancellation)).EnsureSuccessStatusCode();
        }

        await using var service = await StartAsync(Password);

        Assert.Null(await SignInAsync(service, NewPassword));
        Assert.NotNull(await SignInAsync(service, Password));
    }

    [Fact]
    public async Task Start_WithoutSettings_MakesNone()
    {
        await using var service = await ServiceReplica<SigningKeyStore>.StartReadyAsync(("ConnectionStrings:usersdb", _database));

        Assert.Equal("0", await QueryAsync("SELECT count(*)::text FROM users"));
    }

    [Fact]
    public async Task Start_Settings_AreNowhereInTheDatabase()
    {
        await using var service = await StartAsync(Password);

        var stored = await QueryAsync("SELECT (SELECT string_agg(u::text, '') FROM users AS u) || (SELECT string_agg(f::text, '') FROM first_administrator AS f)");
        Assert.DoesNotContain(Password, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(Password)), stored, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, Password, "admin-email")]
    [InlineData("nobody", Password, "admin-email")]
    [InlineData(Email, null, "admin-password")]
    [InlineData(Email, "short", "admin-password")]
    public void Settings_Wrong_NameTheParameter(string? email, string? password, string parameter)
    {
        var result = new AdministratorOptionsValidator().Validate(null, new AdministratorOptions { Email = email, Password = password });

        Assert.Contains($"parameter {parameter} ", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    private Task<ServiceReplica<SigningKeyStore>> StartAsync(string password, Action<IServiceCollection>? services = null) => ServiceReplica<SigningKeyStore>.StartReadyAsync(
        services ?? (static _ => { }),
        RecordedLogs.Setting,
        ("ConnectionStrings:usersdb", _database),
        ("Administrator:Email", Email),
        ("Administrator:Password", password));

    private static async Task<JsonObject?> SignInAsync(ServiceReplica<SigningKeyStore> service, string password)
    {
        using var client = service.CreateClient();
        using var response = await client.PostAsJsonAsync("/auth/login", new { email = Email, password }, Cancellation);
        return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation) : null;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(_database);
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<string> QueryAsync(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(_database);
        await using var command = dataSource.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
