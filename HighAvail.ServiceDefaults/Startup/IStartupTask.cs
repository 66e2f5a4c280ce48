namespace HighAvail.ServiceDefaults.Startup;

/// <summary>
/// Work that has to be done before a service is ready, such as applying migrations. Tasks run in the order of their registration,
/// in the background, while <c>/alive</c> already answers.
/// </summary>
public interface IStartupTask
{
    /// <summary>A short name for logs and <c>/health</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Does the work. It is called again while the database is away or not created yet (<see cref="Data.DatabaseErrors.IsUnavailable"/>), so it must be
    /// repeatable; any other exception ends the process with exit code 1.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the service stops.</param>
    Task RunAsync(CancellationToken cancellationToken);
}
