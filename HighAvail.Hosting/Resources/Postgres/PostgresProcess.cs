using System.Net.Sockets;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Control;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Hosting.Resources.Provisioning;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>Runs a Postgres server of the model as a process, and creates its databases.</summary>
internal sealed class PostgresProcess(PostgresServerResource server) : INativeProcess
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMilliseconds(250);

    private PostgresInstance? _instance;
    private int _port;

    public async Task<ProcessSpec> PrepareAsync(NativeProcessContext context, CancellationToken cancellationToken)
    {
        try
        {
            _instance ??= await CreateAsync(context, cancellationToken).ConfigureAwait(false);
            _port = context.Port;
            await _instance.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return _instance.CreateSpec(_port);
        }
        catch (Exception exception) when (exception is BinaryNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new ReplicaConfigurationException(exception.Message, exception);
        }
    }

    public Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        _instance is { } instance ? instance.IsReadyAsync(_port, cancellationToken) : Task.FromResult(false);

    /// <summary>Creates what is missing, then says of each database that it is there.</summary>
    internal async Task CreateDatabasesAsync(ResourceReadyEvent ready, CancellationToken cancellationToken)
    {
        var notifications = ready.Services.GetRequiredService<ResourceNotificationService>();
        var databases = ready.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .OfType<PostgresDatabaseResource>().Where(d => d.Parent == server);
        foreach (var database in databases)
        {
            try
            {
                await EnsureDatabaseAsync(database.DatabaseName, cancellationToken).ConfigureAwait(false);
                await notifications.PublishUpdateAsync(database, s => s with
                {
                    State = KnownResourceStates.Running,
                    StartTimeStamp = DateTime.UtcNow,
                }).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is InvalidOperationException or PostgresErrorException or IOException)
            {
                ready.Services.GetRequiredService<ResourceLoggerService>().GetLogger(database).DatabaseNotCreated(database.DatabaseName, exception);
                await notifications.PublishUpdateAsync(database, s => s with
                {
                    State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
                    Properties = s.Properties.WithMessage(exception.Message),
                }).ConfigureAwait(false);
            }
        }
    }

    // The server may die just after it was ready for the first time; supervision starts it again, and this goes on.
    private async Task EnsureDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _instance!.EnsureDatabaseAsync(_port, name, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (exception is SocketException or IOException or InvalidDataException
                || (exception is PostgresErrorException { SqlState: var state } && state.StartsWith("57P", StringComparison.Ordinal)))
            {
                await Task.Delay(_retryDelay, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<PostgresInstance> CreateAsync(NativeProcessContext context, CancellationToken cancellationToken)
    {
        var binaries = await new ServerPrograms(context, SearchScope.Machine).PostgresAsync(cancellationToken).ConfigureAwait(false);
        return new(binaries, new PostgresSettings
        {
            Name = server.Name,
            AppHostDirectory = context.Directories.AppHost,
            DataDirectory = Path.Combine(context.Directories.Data, server.Name),
            ResetCommand = HostInvocation.Of(context.Directories, HostArguments.ResetData),
            UserName = (await server.UserNameReference.GetValueAsync(cancellationToken).ConfigureAwait(false))!,
            Password = (await server.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false))!,
            Databases = [.. server.Databases.Values],
        });
    }
}
