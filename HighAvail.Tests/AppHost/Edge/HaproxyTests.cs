using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HighAvail.AppHost.Edge;
using HighAvail.Tests.Hosting.Networking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.AppHost.Edge;

/// <summary>What the edge does with requests, asked of a real HAProxy.</summary>
public sealed class HaproxyTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Configuration_FilesWithStrangeNames_IsValidWithoutAWarning()
    {
        var program = EdgeProcess.FindProgram();
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        var folder = Directory.CreateDirectory(Path.Combine(edge.BasePath, "it's a \"$folder\" {of} #1")).FullName;
        foreach (var name in (string[])["tls.crt", "tls.key", "ca.crt"])
        {
            File.Copy(Path.Combine(edge.BasePath, "pki", name), Path.Combine(folder, name));
        }

        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Certificate", "tls.crt"), new("Authority", "ca.crt")]).Build();
        var files = EdgeFiles.In(edge, settings, folder) with { Folder = folder };
        await files.WriteAsync(new(["gateway-0", "gateway-1", "gateway-2"], 1, 443, files.Certificate, files.Authority), Cancelled);

        var (exitCode, output) = await Tool.RunAsync(
            "env", "EDGE_HTTPS_PORT=1443", "EDGE_HTTP_PORT=1080", "EDGE_STATISTICS_PORT=1081", program, "-c", "-f", Path.Combine(folder, "haproxy.cfg"));

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("WARNING", output, StringComparison.Ordinal);
        Assert.Equal(3, (await File.ReadAllLinesAsync(Path.Combine(folder, "haproxy.cfg"), Cancelled)).Count(line => line.StartsWith("    server ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Request_ThatChangesSomething_GetsAKeyUnlessItHasOne(string method)
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        using var client = edge.CreateClient();

        var without = await AskAsync(client, new(new HttpMethod(method), "/echo"));
        var with = await AskAsync(client, new(new HttpMethod(method), "/echo") { Headers = { { "Idempotency-Key", "mine" } } });

        var stamped = Assert.Single(without, line => line.StartsWith("Idempotency-Key: ", StringComparison.OrdinalIgnoreCase));
        Assert.True(Guid.TryParse(stamped.Split(' ')[1], out _), stamped);
        Assert.Equal("mine", Assert.Single(with, line => line.StartsWith("Idempotency-Key: ", StringComparison.OrdinalIgnoreCase)).Split(' ')[1]);
    }

    [Fact]
    public async Task Request_ThatReads_GetsNoKey()
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        using var client = edge.CreateClient();

        Assert.DoesNotContain(await AskAsync(client, new(HttpMethod.Get, "/echo")), line => line.StartsWith("Idempotency-Key", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Request_ByEitherVersion_ReachesTheGatewayWithWhatTheEdgeSaysAboutIt(string version)
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        using var client = edge.CreateClient(Version.Parse(version));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/echo") { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        foreach (var (name, lie) in ((string, string)[])[("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "evil"), ("X-Forwarded-Prefix", "/evil"), ("Forwarded", "for=192.0.2.1")])
        {
            request.Headers.Add(name, lie);
        }

        var seen = await AskAsync(client, request);

        Assert.StartsWith("HTTP/1.1 ", seen[0], StringComparison.Ordinal);
        Assert.Equal(
            ["x-forwarded-for: 127.0.0.1", "x-forwarded-proto: https"],
            seen.Select(line => line.ToLowerInvariant()).Where(line => line.Contains("forwarded", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains($"Host: localhost:{edge.Https.Port}", seen);
    }

    [Fact]
    public async Task Request_GatewayDiesOverIt_IsRepeatedWithItsBodyUnderTheSameKey()
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        using var client = edge.CreateClient();

        using var response = await client.PostAsync("/dies-once", new ByteArrayContent(new byte[50_000]), Cancelled);

        Assert.Equal("2 50000", await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Request_BodyLargerThanABuffer_PassesThrough()
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        using var client = edge.CreateClient();

        var seen = await AskAsync(client, new(HttpMethod.Post, "/echo") { Content = new ByteArrayContent(new byte[250_000]) });

        Assert.Equal("HTTP/1.1 250000", seen[0]);
    }

    [Fact]
    public async Task Request_ByHttp_IsSentToHttpsForGood()
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        using var response = await client.PostAsync(new Uri(edge.Http, "/orders?a=b"), null, Cancelled);

        Assert.Equal(HttpStatusCode.PermanentRedirect, response.StatusCode);
        Assert.Equal(new Uri(edge.Https, "/orders?a=b"), response.Headers.Location);
    }

    [Theory]
    [InlineData("1.1", 17_000, 1, 431)]
    [InlineData("2.0", 17_000, 1, 431)]
    [InlineData("1.1", 100_000, 1, 400)]
    [InlineData("1.1", 1, 110, 400)]
    public async Task Headers_TooMany_AreRefusedAndOthersAreServedOn(string version, int length, int count, int expected)
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        using var client = edge.CreateClient(Version.Parse(version));
        using var other = edge.CreateClient();
        var held = other.GetAsync("/held", Cancelled);
        await Eventually.TrueAsync(() => edge.Held == 1, "the other request is at the gateway");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/echo") { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        for (var i = 0; i < count; i++)
        {
            request.Headers.Add($"X-Padding-{i}", new string('a', length));
        }

        using var response = await client.SendAsync(request, Cancelled);
        edge.Released.SetResult();
        using var served = await held;

        Assert.Equal(expected, (int)response.StatusCode);
        // What cannot be read as HTTP is answered before there is a request, by HAProxy's own page.
        Assert.Equal(expected == 431 ? "application/problem+json" : "text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Request_WithTwoLengths_IsRefused()
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        await using var tls = await edge.ConnectAsync(Cancelled);

        await tls.WriteAsync(Encoding.ASCII.GetBytes("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"), Cancelled);
        using var reader = new StreamReader(tls);

        Assert.StartsWith("HTTP/1.1 400 ", await reader.ReadLineAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statistics_Asked_ShowTheGateways()
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        using var client = new HttpClient { BaseAddress = edge.Statistics };

        var page = await client.GetStringAsync("/", Cancelled);
        var health = await client.GetStringAsync("/health", Cancelled);

        Assert.Contains("gateway-1", page, StringComparison.Ordinal);
        Assert.Contains("200 OK", health, StringComparison.Ordinal);
    }

    // A machine that is too busy for the checks is no reason to turn away those that it serves.
    [Fact]
    public async Task Request_ChecksFailForAWhile_IsServed()
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        using var client = edge.CreateClient();
        await PassChecksAsync(edge);
        edge.IsHealthy = false;
        await Eventually.TrueAsync(
            async () =>
            {
                var failed = await TableAsync(edge, "chkfail");
                return int.Parse(failed["gateway-0"], CultureInfo.InvariantCulture) >= 10 && int.Parse(failed["gateway-1"], CultureInfo.InvariantCulture) >= 10;
            },
            "both gateways have failed ten checks");

        await AskAsync(client, new(HttpMethod.Get, "/echo"));

        using var repeated = await client.PostAsync("/dies-once", new ByteArrayContent(new byte[10]), Cancelled);
        Assert.Equal("2 10", await repeated.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Certificate_Renewed_IsShownToNewConnectionsAndNoRequestFails()
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        var time = new FakeTimeProvider();
        using var reload = new CertificateReload(time, NullLogger<CertificateReload>.Instance);
        reload.Watch(edge.Files, edge.Https.Port);
        using var client = edge.CreateClient();
        var held = client.GetAsync("/held", Cancelled);
        await Eventually.TrueAsync(() => edge.Held == 1, "a request is under way");

        var renewed = edge.IssueCertificate();

        var looks = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                // One that came to nothing is made up for an hour later.
                time.Advance(looks++ % 200 == 0 ? TimeSpan.FromHours(1) : TimeSpan.Zero);
                await using var tls = await edge.ConnectAsync(Cancelled);
                return ((X509Certificate2)tls.RemoteCertificate!).Thumbprint == renewed;
            },
            "the new certificate is shown");
        edge.Released.SetResult();
        using var response = await held;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Certificate_Missing_IsNamedWithWhatToDo()
    {
        using var folder = new TemporaryFolder();
        var files = new EdgeFiles(folder.Path, folder.File("tls.crt"), folder.File("ca.crt"));

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => files.WriteAsync(new(["gateway-0"], 1, 443, files.Certificate, files.Authority), Cancelled));

        Assert.Contains($"The edge needs the certificate {files.Certificate}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet dev-certs https --export-path", exception.Message, StringComparison.Ordinal);
    }

    // On a machine that is too busy to finish handshakes in time, to begin others instead keeps it so.
    [Fact]
    public async Task Request_HandshakeOfTheGatewayIsSlow_WaitsForItInsteadOfBeginningAnother()
    {
        await using var edge = await EdgeProcess.StartAsync(Cancelled);
        using var client = edge.CreateClient();
        await PassChecksAsync(edge);
        edge.HandshakeTime = TimeSpan.FromSeconds(2);

        // More than there are connections from before.
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskAsync(client, new(HttpMethod.Get, "/echo"))));

        Assert.All(answers, answer => Assert.Equal("HTTP/1.1 0", answer[0]));
        Assert.Equal(("0", "0"), ((await TableAsync(edge, "wretr"))["BACKEND"], (await TableAsync(edge, "wredis"))["BACKEND"]));
    }

    // Before its first check a line is thought well, but not trusted: one failure takes it out.
    private static Task PassChecksAsync(EdgeProcess edge) => Eventually.TrueAsync(
        async () => await TableAsync(edge, "check_status") is var passed && passed["gateway-0"] == "L7OK" && passed["gateway-1"] == "L7OK",
        "both gateways have passed a check");

    // By HAProxy's own table: its header names the columns.
    private static async Task<Dictionary<string, string>> TableAsync(EdgeProcess edge, string column)
    {
        using var client = new HttpClient { BaseAddress = edge.Statistics };
        var rows = (await client.GetStringAsync("/;csv", Cancelled)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(',')).ToArray();
        var index = Array.IndexOf(rows[0], column);
        return rows.Where(row => row[0] == "gateway").ToDictionary(row => row[1], row => row[index]);
    }

    private static async Task<string[]> AskAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (await response.Content.ReadAsStringAsync(Cancelled)).Split('\n');
        }
    }
}
