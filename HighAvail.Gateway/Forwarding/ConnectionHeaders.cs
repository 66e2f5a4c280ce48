namespace HighAvail.Gateway.Forwarding;

/// <summary>Headers that are meant for the connection on which they came, and go no further (RFC 9110, section 7.6.1).</summary>
internal static class ConnectionHeaders
{
    // What says where a request goes and where it ends is not the client's to take away; the proxy itself sees to these.
    private static readonly HashSet<string> _kept = new(StringComparer.OrdinalIgnoreCase) { "Host", "Content-Length", "Content-Type", "Transfer-Encoding" };

    /// <summary>
    /// Removes what the client's <c>Connection</c> header names. Also <c>Expect</c>: the body is here already, and whoever sent the request on would wait
    /// for the service to ask for it.
    /// </summary>
    /// <remarks>Kestrel takes all other names out of a <c>Connection</c> header that also says <c>close</c> or <c>keep-alive</c>; those are not known here.</remarks>
    public static void Remove(IHeaderDictionary headers)
    {
        headers.Remove("Expect");
        foreach (var value in headers.Connection)
        {
            foreach (var name in value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
            {
                if (!_kept.Contains(name))
                {
                    headers.Remove(name);
                }
            }
        }
    }
}
