using HighAvail.Hosting.Resources.Postgres;
using Npgsql;

namespace HighAvail.Tests.Hosting.Resources.Postgres;

public class PostgresInstanceTests(NativeServers servers) : IClassFixture<NativeServers>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PrepareAsync_FreshFolder_ServesWhoeverHasThePassword()
    {
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings() with { Databases = ["usersdb", "it's \"odd\""] });
        var port = LoopbackPort.Free();
        await using var server = await StartAsync(instance, port);

        Assert.Equal("on", await ScalarAsync(port, "SHOW data_checksums"));
        Assert.Equal("UTF8", await ScalarAsync(port, "SHOW server_encoding", "usersdb"));
        Assert.Equal("it's \"odd\"", await ScalarAsync(port, "SELECT datname::text FROM pg_database WHERE datname LIKE 'it%'"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(port, "SELECT 'in'", password: "wrong"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        Assert.DoesNotContain(servers.PostgresSettings().Password, string.Join(' ', instance.CreateSpec(port).Arguments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateSpec_Started_ListensOnLoopbackAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The list of sockets is read from /proc.");
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings());
        var port = LoopbackPort.Free();
        await using var server = await StartAsync(instance, port);

        var (onLoopback, elsewhere) = ListeningSockets.Of(port);

        Assert.True(onLoopback);
        Assert.Empty(elsewhere);
        Assert.DoesNotContain($".s.PGSQL.{port}", await File.ReadAllTextAsync("/proc/net/unix", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_WithSessions_AnswersNobodyAndGoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are paused on Linux only.");
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings());
        var port = LoopbackPort.Free();
        await using var server = await StartAsync(instance, port);
        await using var session = new NpgsqlConnection(ConnectionString(port));
        await session.OpenAsync(Cancellation);
        await using var question = new NpgsqlCommand("SELECT 'answer'", session);
        await question.ExecuteScalarAsync(Cancellation);

        server.Pause();

        // Its session is a process in a group of its own.
        var answer = question.ExecuteScalarAsync(Cancellation);
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(300), Cancellation));
        server.Resume();
        Assert.Equal("answer", await answer);
        server.Pause();
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task Kill_Paused_LeavesNoSessionThatPreventsTheNextStart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are paused on Linux only.");
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings());
        var port = LoopbackPort.Free();
        var first = await StartAsync(instance, port);
        await using var session = new NpgsqlConnection(ConnectionString(port));
        await session.OpenAsync(Cancellation);
        first.Pause();

        await first.KillAsync();

        // As supervision does: again until the orphaned sessions are gone, which takes them a moment.
        await Eventually.TrueAsync(
            async () =>
            {
                await instance.PrepareAsync(Cancellation);
                await using var next = await TestProcess.StartAsync(instance.CreateSpec(port));
                while (!next.Exited.IsCompleted)
                {
                    if (await instance.IsReadyAsync(port, Cancellation))
                    {
                        return true;
                    }

                    await Task.Delay(5, Cancellation);
                }

                return false;
            },
            "the next server runs");
    }

    [Fact]
    public async Task CreateSpec_OwnServerSetting_Wins()
    {
        var settings = servers.PostgresSettings() with { ServerSettings = new Dictionary<string, string> { ["max_connections"] = "37" } };
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), settings);
        var port = LoopbackPort.Free();
        await using var server = await StartAsync(instance, port);

        Assert.Equal("37", await ScalarAsync(port, "SHOW max_connections"));
    }

    [Fact]
    public async Task PrepareAsync_AfterAStop_KeepsTheData()
    {
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings());
        var port = LoopbackPort.Free();
        await using (var first = await StartAsync(instance, port))
        {
            await ScalarAsync(port, "CREATE TABLE kept AS SELECT 42 AS number");
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = await StartAsync(instance, port);

        Assert.Equal(42, await ScalarAsync(port, "SELECT number FROM kept"));
    }

    [Fact]
    public async Task PrepareAsync_AfterAKill_HealsAndKeepsWhatWasCommitted()
    {
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings());
        var port = LoopbackPort.Free();
        await using (var first = await StartAsync(instance, port))
        {
            await ScalarAsync(port, "CREATE TABLE kept (number int)");
            await ScalarAsync(port, "INSERT INTO kept VALUES (42)");
            await first.KillAsync();
            Assert.False(await instance.IsReadyAsync(port, Cancellation));
        }

        await using var second = await StartAsync(instance, port);

        Assert.Equal(42, await ScalarAsync(port, "SELECT number FROM kept"));
        Assert.Contains("recovery", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrepareAsync_LockFileNamesAnUnrelatedProcess_StartsAnyway()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere Postgres judges by itself.");
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings());
        var port = LoopbackPort.Free();
        var lockFile = Path.Combine(instance.DataDirectory, "postmaster.pid");
        await using (var first = await StartAsync(instance, port))
        {
            await first.KillAsync();
        }

        // Its children end a moment later, and as long as one works in the folder nobody else may judge.
        await Eventually.TrueAsync(() => !Directory.EnumerateDirectories("/proc").Any(WorksInData), "the killed server is gone");
        await using var unrelated = await TestProcess.StartAsync(instance.CreateSpec(port) with { FileName = "sleep", Arguments = ["1000"], WorkingDirectory = "/" });
        var lines = await File.ReadAllLinesAsync(lockFile, Cancellation);
        lines[0] = $"{unrelated.Id}";
        await File.WriteAllLinesAsync(lockFile, lines, Cancellation);

        await using var second = await StartAsync(instance, port);
        await instance.PrepareAsync(Cancellation);

        Assert.Equal($"{second.Id}", (await File.ReadAllLinesAsync(lockFile, Cancellation))[0]);

        bool WorksInData(string process)
        {
            try
            {
                return new DirectoryInfo($"{process}/cwd").LinkTarget == instance.DataDirectory;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task PrepareAsync_DataOfAnotherVersion_SaysSoAndTouchesNothing()
    {
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings());
        Directory.CreateDirectory(instance.DataDirectory);
        var versionFile = Path.Combine(instance.DataDirectory, "PG_VERSION");
        await File.WriteAllTextAsync(versionFile, "9\n", Cancellation);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => instance.PrepareAsync(Cancellation));

        Assert.Contains("version 9", refused.Message, StringComparison.Ordinal);
        Assert.Contains("HighAvail:Postgres:BinDirectory", refused.Message, StringComparison.Ordinal);
        Assert.Equal([versionFile], Directory.EnumerateFileSystemEntries(instance.DataDirectory));
    }

    [Fact]
    public async Task PrepareAsync_FolderHoldsSomethingElse_SaysSoAndTouchesNothing()
    {
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings());
        var file = Path.Combine(Directory.CreateDirectory(instance.DataDirectory).FullName, "letter.txt");
        await File.WriteAllTextAsync(file, "Dear", Cancellation);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => instance.PrepareAsync(Cancellation));

        Assert.StartsWith($"{instance.DataDirectory} holds no data of Postgres", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("app -- reset-data", refused.Message, StringComparison.Ordinal);
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(instance.DataDirectory));
    }

    [Fact]
    public async Task PrepareAsync_FirstStartWasInterrupted_StartsOver()
    {
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings());
        var port = LoopbackPort.Free();
        var halfMade = instance.DataDirectory + ".new";
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var first = instance.PrepareAsync(interruption.Token);
        while (!Directory.Exists(halfMade))
        {
            await Task.Delay(1, Cancellation);
        }

        await interruption.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(Directory.Exists(instance.DataDirectory));

        await using var server = await StartAsync(instance, port);

        Assert.Equal("in", await ScalarAsync(port, "SELECT 'in'"));
        Assert.False(Directory.Exists(halfMade));
    }

    [Fact]
    public async Task EnsureDatabaseAsync_ManyCallersAtOnce_CreatesItOnce()
    {
        var instance = new PostgresInstance(await NativeServers.FindPostgresAsync(), servers.PostgresSettings());
        var port = LoopbackPort.Free();
        await using var server = await StartAsync(instance, port);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => instance.EnsureDatabaseAsync(port, "it's \"odd\"", Cancellation)));
        await instance.EnsureDatabaseAsync(port, "it's \"odd\"", Cancellation);

        Assert.Equal(1L, await ScalarAsync(port, "SELECT count(*) FROM pg_database WHERE datname = 'it''s \"odd\"'"));
    }

    [Fact]
    public async Task EnsureDatabaseAsync_DataHaveAnotherPassword_SaysWhatToDo()
    {
        var settings = servers.PostgresSettings();
        var binaries = await NativeServers.FindPostgresAsync();
        var port = LoopbackPort.Free();
        await using var server = await StartAsync(new PostgresInstance(binaries, settings), port);
        var forgetful = new PostgresInstance(binaries, settings with { Password = "another" });

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => forgetful.EnsureDatabaseAsync(port, "usersdb", Cancellation));

        Assert.Contains("made with another one", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Constructor_PasswordIsNotAscii_Throws()
    {
        var binaries = await NativeServers.FindPostgresAsync();

        Assert.Throws<ArgumentException>(() => new PostgresInstance(binaries, servers.PostgresSettings() with { Password = "schlüssel" }));
    }

    private static async Task<TestProcess> StartAsync(PostgresInstance instance, int port)
    {
        await instance.PrepareAsync(Cancellation);
        var server = await TestProcess.StartAsync(instance.CreateSpec(port));
        await server.WaitUntilAsync(cancellation => instance.IsReadyAsync(port, cancellation));
        return server;
    }

    // The real driver, so that what the server takes is not only what the host believes it takes.
    private async Task<object?> ScalarAsync(int port, string sql, string database = "postgres", string? password = null)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(port, database, password));
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private string ConnectionString(int port, string database = "postgres", string? password = null) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = "postgres",
        Password = password ?? servers.PostgresSettings().Password,
        Database = database,
        Pooling = false,
    }.ConnectionString;
}
