namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>Quotes names and values in SQL.</summary>
internal static class PostgresSql
{
    public static string Identifier(string name) => Quote(name, '"');

    public static string Literal(string value) => Quote(value, '\'');

    private static string Quote(string text, char quote) =>
        text.AsSpan().ContainsAnyInRange('\0', '\x1f')
            ? throw new ArgumentException("Names and values in SQL cannot have control characters.", nameof(text))
            : $"{quote}{text.Replace($"{quote}", $"{quote}{quote}", StringComparison.Ordinal)}{quote}";
}
