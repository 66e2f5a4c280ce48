using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Resources;

internal static partial class ResourceLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The database '{Database}' could not be created.")]
    internal static partial void DatabaseNotCreated(this ILogger logger, string database, Exception exception);
}
