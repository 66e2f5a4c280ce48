using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Dashboard;

/// <summary>The web page that shows the application: a program of its own beside those of the application.</summary>
/// <param name="name">The resource's name.</param>
internal sealed class DashboardResource(string name) : ProjectResource(name)
{
    internal const string HttpEndpoint = "http";
    internal const string OtlpGrpcEndpoint = "otlp-grpc";
    internal const string OtlpHttpEndpoint = "otlp-http";

    /// <summary>Where people see it.</summary>
    internal Uri Address => new(new EndpointReference(this, HttpEndpoint).Url);
}
