using System.Globalization;
using System.Text;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The parts of an expression while it is being built, shared by the interpolated string and the builder.</summary>
internal sealed class ReferenceExpressionParts
{
    private readonly StringBuilder _format = new();
    private readonly List<IValueProvider> _valueProviders = [];
    private readonly List<string> _manifestExpressions = [];
    private readonly List<string?> _stringFormats = [];

    internal bool IsEmpty => _format.Length == 0;

    internal void AppendText(string? text) => _format.Append(EscapeBraces(text ?? string.Empty));

    internal void AppendValue(IValueProvider value, string manifestExpression, string? format)
    {
        _format.Append(CultureInfo.InvariantCulture, $"{{{_valueProviders.Count}}}");
        _valueProviders.Add(value);
        _manifestExpressions.Add(manifestExpression);
        _stringFormats.Add(format);
    }

    internal ReferenceExpression Build() =>
        ReferenceExpression.Create(_format.ToString(), [.. _valueProviders], [.. _manifestExpressions], [.. _stringFormats]);

    // Braces that are doubled already stay as they are: real Aspire reads them as escaped.
    private static string EscapeBraces(string text)
    {
        if (text.AsSpan().IndexOfAny('{', '}') < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 4);
        for (var i = 0; i < text.Length; i++)
        {
            escaped.Append(text[i]);
            if (text[i] is '{' or '}')
            {
                escaped.Append(text[i]);
                if (i + 1 < text.Length && text[i + 1] == text[i])
                {
                    i++;
                }
            }
        }

        return escaped.ToString();
    }
}
