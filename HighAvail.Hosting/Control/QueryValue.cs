using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Hosting.Control;

/// <summary>Reads the values of queries strictly: a misspelt one must not silently mean its default.</summary>
internal static class QueryValue
{
    /// <summary>A switch; named without a value it is on.</summary>
    internal static bool TryFlag(HttpRequest request, string name, out bool value)
    {
        value = false;
        return !request.Query.TryGetValue(name, out var text) || (value = text.ToString().Length == 0) || bool.TryParse(text, out value);
    }

    /// <summary>A number from 0 on, or <see langword="null"/> when it is not named.</summary>
    internal static bool TryCount(HttpRequest request, string name, out int? value)
    {
        value = null;
        if (!request.Query.TryGetValue(name, out var text))
        {
            return true;
        }

        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        value = number;
        return isNumber;
    }
}
