using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Hosting.Resources.Redis;

namespace HighAvail.Hosting.Resources.Provisioning;

/// <summary>Where servers' programs come from: what is installed, and where nothing is, a package.</summary>
internal sealed class ServerPrograms(NativeProcessContext context, SearchScope scope)
{
    private readonly BinaryLocator _installed = new(context.Configuration, scope);
    private readonly ToolFolders _folders = new(context.Directories, NativeFolders.Machine.Cache);
    private readonly PackageCommand _command = new(context.Launcher, context.Output);

    /// <exception cref="BinaryNotFoundException">There is none and none can be had; the message says what was tried and what helps.</exception>
    public async Task<PostgresBinaries> PostgresAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _installed.FindPostgresAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (BinaryNotFoundException missing) when (missing.Searched is not null)
        {
            return await InsteadAsync(missing, PostgresPackage.Description, async () =>
            {
                var folder = await new PostgresPackage(_folders, _command, context.TellAsync).GetAsync(cancellationToken).ConfigureAwait(false);
                var (binaries, problem) = await BinaryLocator.TryPostgresAsync(folder, cancellationToken).ConfigureAwait(false);
                return binaries is null
                    ? throw new ProvisioningException($"it is in {folder}, but {problem}")
                    : binaries with { Origin = PostgresPackage.Description };
            }).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="PostgresAsync" />
    public async Task<IRedisProgram> RedisAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new RedisProgram(_installed.FindRedis());
        }
        catch (BinaryNotFoundException missing) when (missing.Searched is not null)
        {
            return await InsteadAsync(missing, GarnetTool.Description, async () =>
            {
                var user = await GarnetUserAsync(cancellationToken).ConfigureAwait(false);
                var tool = new GarnetTool(context.Directories.AppHost, user, _folders, _command, context.TellAsync);
                return new GarnetProgram(await tool.GetAsync(cancellationToken).ConfigureAwait(false), user);
            }).ConfigureAwait(false);
        }
    }

    // Unlike Redis it needs .NET, which may be in root's home, where no other user can go; then it runs as the services do.
    private static async Task<SystemUser?> GarnetUserAsync(CancellationToken cancellationToken) =>
        SystemUser.ForRedis() is { } user && await DataPlacement.CanEnterAsync(user, BuildOutput.DotNetRoot, cancellationToken).ConfigureAwait(false) ? user : null;

    private static async Task<T> InsteadAsync<T>(BinaryNotFoundException missing, string package, Func<Task<T>> getAsync)
    {
        try
        {
            return await getAsync().ConfigureAwait(false);
        }
        catch (ProvisioningException exception)
        {
            throw new BinaryNotFoundException($"{missing.Searched}\nFetching {package} instead failed: {exception.Message}", missing.Remedy!);
        }
    }
}
