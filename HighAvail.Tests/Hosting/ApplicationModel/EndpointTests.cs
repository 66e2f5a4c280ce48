using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.ApplicationModel;

public class EndpointTests
{
    [Theory]
    [InlineData("http", "http")]
    [InlineData("https", "http")]
    [InlineData("redis", "tcp")]
    public void WithEndpoint_SchemeAlone_NamesTheEndpointAndItsTransport(string scheme, string transport)
    {
        var program = Model.Create().AddExecutable("program", "true", ".").WithEndpoint(scheme: scheme);

        var endpoint = Assert.Single(program.Resource.Annotations.OfType<EndpointAnnotation>());
        Assert.Equal(scheme, endpoint.Name);
        Assert.Equal(transport, endpoint.Transport);
        Assert.Equal("localhost", endpoint.TargetHost);
        Assert.True(endpoint.IsProxied);
        Assert.False(endpoint.IsExternal);
        Assert.Null(endpoint.Port);
        Assert.Null(endpoint.TargetPort);
    }

    [Fact]
    public void WithEndpoint_Nothing_IsTcp()
    {
        var program = Model.Create().AddExecutable("program", "true", ".").WithEndpoint();

        Assert.Equal("tcp", Assert.Single(program.Resource.Annotations.OfType<EndpointAnnotation>()).Name);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void WithEndpoint_PortOutOfRange_IsRefused(int port)
    {
        var program = Model.Create().AddExecutable("program", "true", ".");

        Assert.Throws<ArgumentOutOfRangeException>(() => program.WithEndpoint(port: port));
        Assert.Throws<ArgumentOutOfRangeException>(() => program.WithEndpoint(targetPort: port));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AllocatedEndpoint(new(System.Net.Sockets.ProtocolType.Tcp), "localhost", port));
    }

    [Fact]
    public void WithEndpoint_SameNameAgain_ChangesWhatIsGivenAndKeepsTheRest()
    {
        var program = Model.Create().AddExecutable("program", "true", ".")
            .WithHttpEndpoint(targetPort: 8080, name: "api", isProxied: false)
            .WithHttpsEndpoint(port: 5000, name: "API", isProxied: true);

        var endpoint = Assert.Single(program.Resource.Annotations.OfType<EndpointAnnotation>());
        Assert.Equal("http", endpoint.UriScheme);
        Assert.Equal(5000, endpoint.Port);
        Assert.Equal(8080, endpoint.TargetPort);
        Assert.False(endpoint.IsProxied);
    }

    [Fact]
    public void Port_WithoutProxy_IsTheTargetPortUnlessSetToNone()
    {
        var endpoint = new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp, targetPort: 2000, isProxied: false);

        Assert.Equal(2000, endpoint.Port);
        endpoint.Port = null;
        Assert.Null(endpoint.Port);
        endpoint.Port = 2001;
        Assert.Equal((2001, 2000), (endpoint.Port, endpoint.TargetPort));
    }

    [Fact]
    public async Task WithEndpoint_VariableForThePort_TellsTheTargetPortAndTheLastVariableCounts()
    {
        var program = Model.Create().AddExecutable("program", "true", ".")
            .WithHttpEndpoint(targetPort: 3001, env: "PORT")
            .WithHttpEndpoint(env: "NEW_PORT");

        var environment = await program.EnvironmentAsync();

        Assert.Equal("3001", environment["NEW_PORT"]);
        Assert.DoesNotContain("PORT", environment.Keys);
    }

    [Fact]
    public void EndpointReference_UnknownName_SaysWhichOnWhich()
    {
        var reference = Model.Create().AddExecutable("program", "true", ".").WithHttpEndpoint().GetEndpoint("grpc");

        Assert.False(reference.Exists);
        Assert.False(reference.IsAllocated);
        var exception = Assert.Throws<InvalidOperationException>(() => reference.EndpointAnnotation);
        Assert.Equal("The endpoint `grpc` is not defined for the resource `program`.", exception.Message);
    }

    [Fact]
    public void EndpointReference_NotAllocated_SaysSo()
    {
        var reference = Model.Create().AddExecutable("program", "true", ".").WithHttpEndpoint().GetEndpoint("http");

        Assert.True(reference.Exists);
        foreach (var use in (Func<object>[])[() => reference.Port, () => reference.Host, () => reference.Url])
        {
            var exception = Assert.Throws<InvalidOperationException>(use);
            Assert.Equal("The endpoint `http` is not allocated for the resource `program`.", exception.Message);
        }
    }

    [Fact]
    public async Task GetValueAsync_NotAllocated_WaitsForTheAllocation()
    {
        var program = Model.Create().AddExecutable("program", "true", ".").WithHttpEndpoint();
        var host = program.GetEndpoint("HTTP").Property(EndpointProperty.HostAndPort).GetValueAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(host.IsCompleted);

        program.Allocated("http", 4711);

        Assert.Equal("localhost:4711", await host);
        Assert.Equal("http://localhost:4711", program.GetEndpoint("http").Url);
    }

    [Fact]
    public async Task Property_EachPart_HasValueAndExpression()
    {
        var program = Model.Create().AddExecutable("program", "true", ".").WithHttpsEndpoint(targetPort: 8443).Allocated("https", 7443);
        var endpoint = program.GetEndpoint("https");
        (EndpointProperty Property, string Value, string Expression)[] parts =
        [
            (EndpointProperty.Url, "https://localhost:7443", "{program.bindings.https.url}"),
            (EndpointProperty.Host, "localhost", "{program.bindings.https.host}"),
            (EndpointProperty.IPV4Host, "127.0.0.1", "{program.bindings.https.host}"),
            (EndpointProperty.Port, "7443", "{program.bindings.https.port}"),
            (EndpointProperty.TargetPort, "8443", "{program.bindings.https.targetPort}"),
            (EndpointProperty.Scheme, "https", "{program.bindings.https.scheme}"),
            (EndpointProperty.HostAndPort, "localhost:7443", "{program.bindings.https.host}:{program.bindings.https.port}"),
            (EndpointProperty.TlsEnabled, "True", "{program.bindings.https.tlsEnabled}"),
        ];

        foreach (var (property, value, expression) in parts)
        {
            Assert.Equal(value, await endpoint.Property(property).GetValueAsync(TestContext.Current.CancellationToken));
            Assert.Equal(expression, endpoint.Property(property).ValueExpression);
        }
    }

    [Fact]
    public void WithExternalHttpEndpoints_OtherSchemes_StayInternal()
    {
        var program = Model.Create().AddExecutable("program", "true", ".").WithHttpEndpoint().WithEndpoint(name: "tcp").WithExternalHttpEndpoints();

        Assert.True(program.GetEndpoint("http").EndpointAnnotation.IsExternal);
        Assert.False(program.GetEndpoint("tcp").EndpointAnnotation.IsExternal);
    }

    [Fact]
    public void WithEndpoint_CallbackForMissingEndpoint_AddsItOnlyIfAsked()
    {
        var program = Model.Create().AddExecutable("program", "true", ".");

        program.WithEndpoint("http", _ => Assert.Fail("The endpoint is not there."), createIfNotExists: false);
        program.WithEndpoint("http", e => e.UriScheme = "http");

        Assert.True(program.GetEndpoint("http").IsHttp);
    }

    [Fact]
    public void WithHostPort_Server_SetsThePortThatOthersConnectTo()
    {
        var builder = Model.Create();

        var postgres = builder.AddPostgres("postgres", port: 5000).WithHostPort(5001);
        var cache = builder.AddRedis("cache", port: 6000).WithHostPort(null);

        Assert.Equal((5001, 5432), (postgres.GetEndpoint("tcp").EndpointAnnotation.Port, postgres.GetEndpoint("tcp").EndpointAnnotation.TargetPort));
        Assert.Null(cache.GetEndpoint("tcp").EndpointAnnotation.Port);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("orders.dev.localhost")]
    public async Task GetValueAsync_IPv4HostOfLocalhost_NeedsNoAllocation(string targetHost)
    {
        var program = Model.Create().AddExecutable("program", "true", ".").WithHttpEndpoint().WithEndpoint("http", e => e.TargetHost = targetHost);

        Assert.Equal("127.0.0.1", await program.GetEndpoint("http").Property(EndpointProperty.IPV4Host).GetValueAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetValueAsync_IPv4HostOfAnotherAddress_IsThatAddress()
    {
        var program = Model.Create().AddExecutable("program", "true", ".").WithHttpEndpoint().WithEndpoint("http", e => e.TargetHost = "10.0.0.7");
        var value = program.GetEndpoint("http").Property(EndpointProperty.IPV4Host).GetValueAsync(TestContext.Current.CancellationToken);
        Assert.False(value.IsCompleted);

        program.WithEndpoint("http", e => e.AllocatedEndpoint = new(e, "10.0.0.7", 80));

        Assert.Equal("10.0.0.7", await value);
    }
}
