using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using HighAvail.ServiceDefaults.Access;
using Microsoft.AspNetCore.Http;

namespace HighAvail.ServiceDefaults.Idempotency;

/// <summary>What tells one request from another.</summary>
internal sealed class RequestFingerprints(DerivedKeys keys)
{
    // Keyed, because a plain hash of a stored request could be tried against guessed passwords.
    private readonly byte[] _secret = keys.Derive("idempotency");

    /// <summary>The name under which an answer is stored: the same key of another subject, method or path is another key.</summary>
    public static byte[] Scope(HttpContext context, string key) => SHA256.HashData(Encoding.UTF8.GetBytes(
        // No part can hold the separator, so no two scopes look the same.
        $"{context.User.FindFirst(AccessClaims.Subject)?.Value}\n{context.Request.Method}\n{context.Request.Path.ToUriComponent()}\n{key}"));

    /// <summary>What was asked: query and body. The body stays unread for whoever reads it next.</summary>
    public async Task<byte[]> RequestAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.QueryString.Value}\n"));
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                Append(hash, read.Buffer);
                reader.AdvanceTo(read.Buffer.Start);
                return hash.GetHashAndReset();
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static void Append(IncrementalHash hash, ReadOnlySequence<byte> body)
    {
        foreach (var segment in body)
        {
            hash.AppendData(segment.Span);
        }
    }
}
