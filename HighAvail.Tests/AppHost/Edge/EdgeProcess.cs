using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HighAvail.AppHost.Edge;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.AppHost.Edge;

/// <summary>A real HAProxy with the configuration that the app host makes, and in the gateway's place a server that says what it was asked.</summary>
internal sealed class EdgeProcess : IAsyncDisposable, IAspireStore
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly int _https = LoopbackPort.Free();
    private readonly int _http = LoopbackPort.Free();
    private readonly int _statistics = LoopbackPort.Free();
    private readonly ConcurrentDictionary<string, int> _attempts = new();
    private WebApplication? _gateway;
    private TestProcess? _process;

    public string BasePath => _folder.Path;

    public Uri Http => new($"http://localhost:{_http}");

    public Uri Https => new($"https://localhost:{_https}");

    public Uri Statistics => new($"http://localhost:{_statistics}");

    /// <summary>Lets the answers to <c>/held</c> go.</summary>
    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Requests for <c>/held</c> that are under way.</summary>
    public int Held { get; private set; }

    /// <summary>Whether the checks of the edge pass.</summary>
    public bool IsHealthy { get; set; } = true;

    /// <summary>How long the gateway takes to begin with a handshake.</summary>
    public TimeSpan HandshakeTime { get; set; }

    public string Output => _process!.Output;

    public EdgeFiles Files => EdgeFiles.In(this, new ConfigurationBuilder().Build(), "/");

    /// <summary>HAProxy; skips the test where a person has none.</summary>
    public static string FindProgram()
    {
        try
        {
            return HaproxyProgram.Find();
        }
        catch (DistributedApplicationException exception) when (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }

    public static async Task<EdgeProcess> StartAsync(CancellationToken cancellationToken)
    {
        var program = FindProgram();
        var edge = new EdgeProcess();
        var port = await edge.StartGatewayAsync(cancellationToken);
        edge.IssueCertificate();
        await edge.Files.WriteAsync(new(["gateway-0", "gateway-1"], port, edge._https, edge.Files.Certificate, edge.Files.Authority), cancellationToken);
        edge._process = await TestProcess.StartAsync(new ProcessSpec(program, edge.Files.Arguments, edge._folder.Path, new Dictionary<string, string>(NativeTool.Environment)
        {
            [HaproxyConfiguration.HttpsPort] = edge._https.ToString(CultureInfo.InvariantCulture),
            [HaproxyConfiguration.HttpPort] = edge._http.ToString(CultureInfo.InvariantCulture),
            [HaproxyConfiguration.StatisticsPort] = edge._statistics.ToString(CultureInfo.InvariantCulture),
        }));
        using var client = edge.CreateClient();
        await edge._process.WaitUntilAsync(async ready =>
        {
            try
            {
                using var response = await client.GetAsync("/echo", ready);
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return edge;
    }

    /// <summary>A client that trusts the authority alone.</summary>
    public HttpClient CreateClient(Version? version = null) => new(_authority.CreateHandler())
    {
        BaseAddress = Https,
        DefaultRequestVersion = version ?? HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Replaces key and certificate as a renewal does; returns the new one's thumbprint.</summary>
    public string IssueCertificate()
    {
        Directory.CreateDirectory(_folder.File("pki"));
        var (certificate, key, thumbprint) = _authority.Issue();
        _folder.Replace(Path.Combine("pki", "ca.crt"), _authority.Pem);
        _folder.Replace(Path.Combine("pki", "tls.key"), key);
        _folder.Replace(Path.Combine("pki", "tls.crt"), certificate);
        return thumbprint;
    }

    /// <summary>A new connection, for what no client sends.</summary>
    public async Task<SslStream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _https, cancellationToken);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(new() { TargetHost = "localhost", CertificateChainPolicy = _authority.TrustPolicy() }, cancellationToken);
        return tls;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Dispose();
    }

    private async Task<int> StartGatewayAsync(CancellationToken cancellationToken)
    {
        var (certificate, key, _) = _authority.Issue();
        using var pem = X509Certificate2.CreateFromPem(certificate, key);
        var shown = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = async context =>
                {
                    await Task.Delay(HandshakeTime, context.CancellationToken);
                    return new() { ServerCertificate = shown };
                },
            });
        }));
        _gateway = builder.Build();
        _gateway.MapGet("/health", () => Results.StatusCode(IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
        _gateway.MapGet("/held", async () =>
        {
            Held++;
            await Released.Task.WaitAsync(cancellationToken);
            return Results.Ok();
        });

        // The first attempt is cut off without an answer, as by a gateway that is killed.
        _gateway.Map("/dies-once", async (HttpContext context) =>
        {
            var (body, key) = (await ReadAsync(context), context.Request.Headers["Idempotency-Key"].ToString());
            if (_attempts.AddOrUpdate(key, 1, (_, attempts) => attempts + 1) == 1)
            {
                context.Abort();
                return Results.Empty;
            }

            return Results.Text($"{_attempts[key]} {body}");
        });
        _gateway.Map("/{**rest}", async (HttpContext context) =>
        {
            var length = await ReadAsync(context);
            var headers = string.Concat(context.Request.Headers.Select(header => $"{header.Key}: {header.Value}\n"));
            return Results.Text($"{context.Request.Protocol} {length}\n{headers}");
        });
        await _gateway.StartAsync(cancellationToken);
        return new Uri(_gateway.Urls.Single()).Port;

        static async Task<long> ReadAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return body.Length;
        }
    }
}
