namespace HighAvail.Gateway.Forwarding;

/// <summary>Gives every request that changes something a key, so that it can be repeated.</summary>
internal static class IdempotencyKeys
{
    public const string Header = "Idempotency-Key";

    /// <summary>Stamps a key where the client sent none.</summary>
    /// <returns>Whether one was stamped.</returns>
    public static bool Stamp(HttpRequest request)
    {
        if (!IsUnsafe(request.Method) || request.Headers.ContainsKey(Header))
        {
            return false;
        }

        request.Headers[Header] = Guid.NewGuid().ToString();
        return true;
    }

    /// <summary>Whether a method may change something (RFC 9110, section 9.2.1).</summary>
    public static bool IsUnsafe(string method) =>
        !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method));
}
