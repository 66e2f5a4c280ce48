using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Resources;

internal static partial class ResourceLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The database '{Database}' could not be created.")]
    internal static partial void DatabaseNotCreated(this ILogger logger, string database, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The resource could not be started.")]
    internal static partial void ResourceFailed(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificates could not be renewed. Trying again in a day.")]
    internal static partial void CertificatesNotRenewed(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not find endpoint '{EndpointName}' of resource '{ResourceName}', which a URL was described for.")]
    internal static partial void EndpointOfUrlMissing(this ILogger logger, string endpointName, string resourceName);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed to resolve connection string for resource '{ResourceName}'.")]
    internal static partial void ConnectionStringFailed(this ILogger logger, string resourceName, Exception exception);
}
