using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Control;

/// <summary>Small applications of shell commands.</summary>
internal static class TestModels
{
    public const string Secret = "s3cr&t/of mine";

    /// <summary>A server that supervision keeps up (it has an endpoint), which prints two lines and then sleeps.</summary>
    public static IResourceBuilder<ExecutableResource> AddServer(this IDistributedApplicationBuilder builder, string name, string script = "echo up; echo trouble >&2; exec sleep 600") =>
        builder.AddExecutable(name, "/bin/sh", ".", "-c", script).WithHttpEndpoint();

    /// <summary>A server and one that refers to it and is given a secret.</summary>
    public static void ServerAndClient(IDistributedApplicationBuilder builder)
    {
        var password = builder.AddParameter("password", Secret, secret: true);
        var server = builder.AddServer("server");
        builder.AddServer("client")
            .WithEnvironment("PASSWORD", password)
            .WithEnvironment("URI", $"redis://:{password.Resource:uri}@{server.GetEndpoint("http").Property(EndpointProperty.HostAndPort)}")
            .WithEnvironment("CONNECTION", $"Host=x;Password={password.Resource};Database=y")
            .WaitFor(server);
    }
}
