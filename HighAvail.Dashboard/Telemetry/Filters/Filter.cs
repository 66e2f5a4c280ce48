using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace HighAvail.Dashboard.Telemetry.Filters;

/// <summary>A condition on a property. Upper and lower case are the same; numbers and times are compared as such where both sides are.</summary>
/// <param name="Field">The property: an attribute, or one that everything has.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Value">With what.</param>
public sealed record Filter(string Field, FilterOperator Operator, string Value)
{
    /// <summary>The property's name as it is sent.</summary>
    public byte[] FieldUtf8 { get; } = Encoding.UTF8.GetBytes(Field);

    /// <summary>How the operators are read.</summary>
    public static IReadOnlyDictionary<FilterOperator, string> Words { get; } = new Dictionary<FilterOperator, string>
    {
        [FilterOperator.Is] = "is",
        [FilterOperator.IsNot] = "is not",
        [FilterOperator.Contains] = "contains",
        [FilterOperator.ContainsNot] = "does not contain",
        [FilterOperator.Greater] = ">",
        [FilterOperator.Less] = "<",
    };

    /// <param name="actual">The property's value; null where there is none, which is no value and contains nothing.</param>
    public bool Accepts(string? actual) => Operator switch
    {
        FilterOperator.Is => string.Equals(actual, Value, StringComparison.OrdinalIgnoreCase),
        FilterOperator.IsNot => !string.Equals(actual, Value, StringComparison.OrdinalIgnoreCase),
        FilterOperator.Contains => actual is not null && actual.Contains(Value, StringComparison.OrdinalIgnoreCase),
        FilterOperator.ContainsNot => actual is null || !actual.Contains(Value, StringComparison.OrdinalIgnoreCase),
        FilterOperator.Greater => actual is not null && Compare(actual, Value) > 0,
        FilterOperator.Less => actual is not null && Compare(actual, Value) < 0,
        _ => false,
    };

    /// <summary>As it stands in an address: <c>contains:url.path:orders</c>.</summary>
    public override string ToString() => $"{Operator}:{Uri.EscapeDataString(Field)}:{Uri.EscapeDataString(Value)}";

    /// <summary>Reads what <see cref="ToString"/> wrote, or a person.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Filter? filter)
    {
        var parts = text.Split(':', 3);
        filter = parts.Length == 3 && Enum.TryParse<FilterOperator>(parts[0], ignoreCase: true, out var comparison) && Enum.IsDefined(comparison) && parts[1].Length > 0
            ? new Filter(Uri.UnescapeDataString(parts[1]), comparison, Uri.UnescapeDataString(parts[2]))
            : null;
        return filter is not null;
    }

    private static int Compare(string actual, string expected)
    {
        if (double.TryParse(actual, CultureInfo.InvariantCulture, out var number) && double.TryParse(expected, CultureInfo.InvariantCulture, out var otherNumber))
        {
            return number.CompareTo(otherNumber);
        }

        return DateTimeOffset.TryParse(actual, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) &&
            DateTimeOffset.TryParse(expected, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var otherTime)
            ? time.CompareTo(otherTime)
            : string.Compare(actual, expected, StringComparison.OrdinalIgnoreCase);
    }
}
