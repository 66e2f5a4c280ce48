using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>A row's version as its entity tag (RFC 9110, 8.8.3).</summary>
public static class EntityVersion
{
    /// <summary>Sets the <c>ETag</c> header.</summary>
    /// <param name="context">The request being answered.</param>
    /// <param name="version">The row's version.</param>
    public static void SetEntityVersion(this HttpContext context, long version) =>
        context.Response.Headers.ETag = Tag(version);

    /// <summary>Whether <c>If-None-Match</c> says that the client has this version already, so that 304 is the answer.</summary>
    /// <param name="context">The request being answered.</param>
    /// <param name="version">The row's version.</param>
    /// <returns><see langword="true"/> when the client has it.</returns>
    public static bool HasEntityVersion(this HttpContext context, long version)
    {
        var values = context.Request.Headers.IfNoneMatch;
        if (values.Count == 0 || !EntityTagHeaderValue.TryParseList(values, out var tags))
        {
            return false;
        }

        var current = new EntityTagHeaderValue(Tag(version));
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: false));
    }

    /// <summary>Whether <c>If-Match</c>, where it was sent, allows a change of this version; if not, 412 is the answer.</summary>
    /// <param name="context">The request for the change.</param>
    /// <param name="version">The row's version.</param>
    /// <returns><see langword="false"/> when the client wants to change another version, or what it sent cannot be read.</returns>
    public static bool AllowsEntityVersion(this HttpContext context, long version)
    {
        var values = context.Request.Headers.IfMatch;
        if (values.Count == 0)
        {
            return true;
        }

        var current = new EntityTagHeaderValue(Tag(version));
        return EntityTagHeaderValue.TryParseList(values, out var tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: true));
    }

    private static string Tag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
