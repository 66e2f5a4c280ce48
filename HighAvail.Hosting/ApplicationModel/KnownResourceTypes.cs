namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The types of resources that are known by more than their class.</summary>
internal static class KnownResourceTypes
{
    internal const string Project = "Project";
    internal const string Executable = "Executable";
    internal const string Container = "Container";
    internal const string Parameter = "Parameter";
    internal const string ConnectionString = "ConnectionString";
    internal const string ExternalService = "ExternalService";
}

/// <summary>The names of properties that any resource can have.</summary>
public static class CustomResourceKnownProperties
{
    /// <summary>Where a value comes from.</summary>
    public static string Source => "resource.source";

    /// <summary>The connection string.</summary>
    public static string ConnectionString => "resource.connectionString";
}
