using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using HighAvail.Gateway.Forwarding;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Limits;

/// <summary>A bucket of tokens per access token and per address.</summary>
internal static class LimitsExtensions
{
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>());
        builder.Services.AddOptions<LimitOptions>().BindConfiguration("Limits").ValidateOnStart();
        builder.Services.AddSingleton<LoadShedding>();
        builder.Services.AddRateLimiter(static _ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>, GatewayMetrics>(static (limiter, options, metrics) =>
        {
            var limits = options.Value;
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, (string, bool)>(context => ByAddress(context, limits)),
                PartitionedRateLimiter.Create<HttpContext, UInt128>(context => ByUser(context, limits)));
            limiter.OnRejected = (rejected, _) =>
            {
                metrics.Limits();
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
                rejected.HttpContext.Response.Headers.RetryAfter =
                    Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
        });
    }

    // Who sends made-up tokens gets a bucket for each, but is still held by that of the address.
    private static RateLimitPartition<(string, bool)> ByAddress(HttpContext context, LimitOptions limits)
    {
        var isAuth = context.Request.Path.StartsWithSegments("/auth", StringComparison.OrdinalIgnoreCase);
        return context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address)
            ? RateLimitPartition.GetNoLimiter((string.Empty, false))
            : RateLimitPartition.GetTokenBucketLimiter(
                (NetworkOf(address), isAuth), key => Bucket(key.Item2 ? limits.AuthPerAddress : limits.PerAddress, limits.Gateways));
    }

    // The token is not verified here, so what it says of its user counts for nothing: nobody can use up another's bucket without having the token itself.
    private static RateLimitPartition<UInt128> ByUser(HttpContext context, LimitOptions limits)
    {
        var authorization = context.Request.Headers.Authorization.ToString().AsSpan().Trim();
        // However the scheme is written.
        var token = authorization[(authorization.IndexOf(' ') + 1)..].Trim();
        return token.IsEmpty
            ? RateLimitPartition.GetNoLimiter(UInt128.Zero)
            : RateLimitPartition.GetTokenBucketLimiter(HashOf(token), _ => Bucket(limits.PerUser, limits.Gateways));
    }

    // Instead of the token itself, which is long, and worth stealing from memory.
    private static UInt128 HashOf(ReadOnlySpan<char> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    // Of IPv6 whoever has one address has 2^64 of them.
    private static string NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var length) && length == 16 ? Convert.ToHexString(bytes[..8]) : address.ToString();
    }

    // A tenth of it ten times a second, where that is at least one, so that nobody has to wait for the next second.
    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int gateways)
    {
        var own = Math.Max(1.0, (double)perSecond / gateways);
        var period = TimeSpan.FromSeconds(Math.Max(1, Math.Round(own / 10)) / own);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = (int)Math.Ceiling(2 * own),
            TokensPerPeriod = (int)Math.Max(1, Math.Round(own / 10)),
            ReplenishmentPeriod = period,
            QueueLimit = 0,
            AutoReplenishment = false,
        };
    }
}
