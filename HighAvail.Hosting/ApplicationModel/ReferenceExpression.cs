using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>
/// Text made of literals and of values that are known only when the application runs. The same expression gives the value at run time
/// and the text with placeholders that a manifest holds. A conditional expression chooses between two others by a value.
/// </summary>
[DebuggerDisplay("{ValueExpression}")]
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>An expression without any text.</summary>
    public static readonly ReferenceExpression Empty = new(string.Empty, [], [], []);

    private readonly string[] _manifestExpressions;
    private readonly string?[] _stringFormats;

    private ReferenceExpression(string format, IValueProvider[] valueProviders, string[] manifestExpressions, string?[] stringFormats)
    {
        Format = format;
        ValueProviders = valueProviders;
        _manifestExpressions = manifestExpressions;
        _stringFormats = stringFormats;
    }

    private ReferenceExpression(IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
        : this(string.Empty, [.. whenTrue.ValueProviders, .. whenFalse.ValueProviders], [], [])
    {
        Condition = condition;
        MatchValue = matchValue;
        WhenTrue = whenTrue;
        WhenFalse = whenFalse;
        Name = ConditionalName(condition, matchValue, whenTrue, whenFalse);
    }

    /// <summary>The text with <c>{0}</c>, <c>{1}</c> … in place of the values.</summary>
    public string Format { get; }

    /// <summary>The manifest's expressions of the values.</summary>
    public IReadOnlyList<string> ManifestExpressions => _manifestExpressions;

    /// <summary>How each value is formatted (<c>uri</c>), or <see langword="null"/> for as it is.</summary>
    public IReadOnlyList<string?> StringFormats => _stringFormats;

    /// <summary>The values; of a conditional expression those of both branches.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <summary>Whether this expression chooses between two others.</summary>
    public bool IsConditional => Condition is not null;

    /// <summary>The value that decides.</summary>
    public IValueProvider? Condition { get; }

    /// <summary>What <see cref="Condition"/> is compared with, regardless of case.</summary>
    public string? MatchValue { get; }

    /// <summary>The expression when it matches.</summary>
    public ReferenceExpression? WhenTrue { get; }

    /// <summary>The expression when it does not.</summary>
    public ReferenceExpression? WhenFalse { get; }

    /// <summary>The name of a conditional expression in a manifest.</summary>
    internal string? Name { get; }

    /// <summary>The text with placeholders, as a manifest holds it.</summary>
    public string ValueExpression => IsConditional
        ? $"{{{Name}.connectionString}}"
        : string.Format(CultureInfo.InvariantCulture, Format, _manifestExpressions);

    IEnumerable<object> IValueWithReferences.References => IsConditional
        ? [Condition!, .. (Condition as IValueWithReferences)?.References ?? [], .. ((IValueWithReferences)WhenTrue!).References, .. ((IValueWithReferences)WhenFalse!).References]
        : ValueProviders;

    internal static ReferenceExpression Create(
        string format, IValueProvider[] valueProviders, string[] manifestExpressions, string?[] stringFormats) =>
        new(format, valueProviders, manifestExpressions, stringFormats);

    /// <summary>Makes an expression of an interpolated string.</summary>
    /// <param name="handler">The string; its holes are strings, values or resources.</param>
    /// <returns>The expression.</returns>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.GetExpression();

    /// <summary>Chooses between two expressions each time the value is asked for.</summary>
    /// <param name="condition">The value that decides.</param>
    /// <param name="matchValue">What it is compared with, regardless of case.</param>
    /// <param name="whenTrue">The expression when it matches.</param>
    /// <param name="whenFalse">The expression when it does not.</param>
    /// <returns>The conditional expression.</returns>
    public static ReferenceExpression CreateConditional(
        IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentException.ThrowIfNullOrEmpty(matchValue);
        ArgumentNullException.ThrowIfNull(whenTrue);
        ArgumentNullException.ThrowIfNull(whenFalse);
        return new(condition, matchValue, whenTrue, whenFalse);
    }

    /// <summary>The text with the values in place.</summary>
    /// <param name="cancellationToken">Ends the wait for values that are not known yet.</param>
    /// <returns>The text, or <see langword="null"/> for an empty expression.</returns>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <summary>The text with the values in place, as the given caller sees them.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait for values that are not known yet.</param>
    /// <returns>The text, or <see langword="null"/> for an empty expression.</returns>
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
    {
        if (IsConditional)
        {
            var decided = await Condition!.GetValueAsync(context, cancellationToken).ConfigureAwait(false);
            var branch = string.Equals(decided, MatchValue, StringComparison.OrdinalIgnoreCase) ? WhenTrue! : WhenFalse!;
            return await branch.GetValueAsync(context, cancellationToken).ConfigureAwait(false);
        }

        if (Format.Length == 0)
        {
            return null;
        }

        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(context, cancellationToken).ConfigureAwait(false);
            values[i] = Formatted(value, _stringFormats[i]);
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    internal static string? Formatted(string? value, string? format) => (value, format) switch
    {
        (null, _) or (_, null) => value,
        (_, "uri") => Uri.EscapeDataString(value),
        _ => throw new FormatException($"The format '{format}' is not supported. Supported formats are 'uri' (encode a URI)."),
    };

    private static string ConditionalName(IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
    {
        // The name must be that of real Aspire, since it is part of the manifest: a readable part, and a hash of everything that decides.
        var expression = (condition as IManifestExpressionProvider)?.ValueExpression;
        var hash = new XxHash32();
        foreach (var part in (string[])[expression ?? condition.GetType().Name, whenTrue.ValueExpression, whenFalse.ValueExpression, matchValue])
        {
            hash.Append(Encoding.UTF8.GetBytes(part));
        }

        var readable = string.Join('-', (expression ?? string.Empty)
            .Split([.. (expression ?? string.Empty).Where(c => !char.IsLetterOrDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries))
            .ToLowerInvariant();
        return $"cond-{(readable.Length > 0 ? readable : "expr")}-{Convert.ToHexStringLower(hash.GetCurrentHash())}";
    }

    /// <summary>Collects the parts of an interpolated string.</summary>
    /// <param name="literalLength">The length of the literal parts.</param>
    /// <param name="formattedCount">The number of holes.</param>
    [InterpolatedStringHandler]
#pragma warning disable CS9113 // The compiler passes the two counts to every handler; the parts are few and need no sizing.
    public readonly ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
#pragma warning restore CS9113
    {
        private readonly ReferenceExpressionParts _parts = new();

        /// <summary>Appends text.</summary>
        /// <param name="value">The text.</param>
        public void AppendLiteral(string value) => _parts.AppendText(value);

        /// <summary>Appends text.</summary>
        /// <param name="value">The text.</param>
        public void AppendFormatted(string? value) => AppendFormatted(value, format: null);

        /// <summary>Appends text.</summary>
        /// <param name="value">The text.</param>
        /// <param name="format"><c>uri</c> to encode it, or none.</param>
        public void AppendFormatted(string? value, string? format) => _parts.AppendText(Formatted(value, format));

        /// <summary>Appends a value.</summary>
        /// <param name="valueProvider">The value.</param>
        /// <typeparam name="T">Its type.</typeparam>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, format: null);

        /// <summary>Appends a value.</summary>
        /// <param name="valueProvider">The value.</param>
        /// <param name="format"><c>uri</c> to encode it, or none.</param>
        /// <typeparam name="T">Its type.</typeparam>
        public void AppendFormatted<T>(T valueProvider, string? format)
            where T : IValueProvider, IManifestExpressionProvider => _parts.AppendValue(valueProvider, valueProvider.ValueExpression, format);

        /// <summary>Appends the value of a resource.</summary>
        /// <param name="valueProvider">The resource.</param>
        /// <typeparam name="T">Its type.</typeparam>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource, format: null);

        /// <summary>Appends the value of a resource.</summary>
        /// <param name="valueProvider">The resource.</param>
        /// <param name="format"><c>uri</c> to encode it, or none.</param>
        /// <typeparam name="T">Its type.</typeparam>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource, format);

        internal ReferenceExpression GetExpression() => _parts.Build();
    }
}
