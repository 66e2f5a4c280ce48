using System.Runtime.CompilerServices;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Builds a <see cref="ReferenceExpression"/> part by part.</summary>
public class ReferenceExpressionBuilder
{
    private readonly ReferenceExpressionParts _parts = new();

    /// <summary>Whether nothing was appended yet.</summary>
    public bool IsEmpty => _parts.IsEmpty;

    /// <summary>Appends an interpolated string.</summary>
    /// <param name="handler">The string.</param>
#pragma warning disable CA1822 // The compiler hands this builder to the handler.
    public void Append([InterpolatedStringHandlerArgument("")] in ReferenceExpressionBuilderInterpolatedStringHandler handler)
    {
        // The handler appended its parts to this builder while the string was formed.
        _ = handler;
    }
#pragma warning restore CA1822

    /// <summary>Appends text.</summary>
    /// <param name="value">The text.</param>
    public void AppendLiteral(string value) => _parts.AppendText(value);

    /// <summary>Appends text.</summary>
    /// <param name="value">The text.</param>
    public void AppendFormatted(string? value) => AppendFormatted(value, format: null);

    /// <summary>Appends text.</summary>
    /// <param name="value">The text.</param>
    /// <param name="format"><c>uri</c> to encode it, or none.</param>
    public void AppendFormatted(string? value, string? format) => _parts.AppendText(ReferenceExpression.Formatted(value, format));

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

    /// <summary>The expression of everything appended so far.</summary>
    /// <returns>The expression.</returns>
    public ReferenceExpression Build() => _parts.Build();

    /// <summary>Appends the parts of an interpolated string to a builder.</summary>
    /// <param name="literalLength">The length of the literal parts.</param>
    /// <param name="formattedCount">The number of holes.</param>
    /// <param name="builder">The builder.</param>
    [InterpolatedStringHandler]
#pragma warning disable CS9113 // The compiler passes the two counts to every handler; this one appends directly and has no use for them.
    public readonly ref struct ReferenceExpressionBuilderInterpolatedStringHandler(
        int literalLength, int formattedCount, ReferenceExpressionBuilder builder)
#pragma warning restore CS9113
    {
        /// <summary>Appends text.</summary>
        /// <param name="value">The text.</param>
        public void AppendLiteral(string value) => builder.AppendLiteral(value);

        /// <summary>Appends text.</summary>
        /// <param name="value">The text.</param>
        public void AppendFormatted(string? value) => builder.AppendFormatted(value);

        /// <summary>Appends text.</summary>
        /// <param name="value">The text.</param>
        /// <param name="format"><c>uri</c> to encode it, or none.</param>
        public void AppendFormatted(string? value, string? format) => builder.AppendFormatted(value, format);

        /// <summary>Appends a value.</summary>
        /// <param name="valueProvider">The value.</param>
        /// <typeparam name="T">Its type.</typeparam>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider);

        /// <summary>Appends a value.</summary>
        /// <param name="valueProvider">The value.</param>
        /// <param name="format"><c>uri</c> to encode it, or none.</param>
        /// <typeparam name="T">Its type.</typeparam>
        public void AppendFormatted<T>(T valueProvider, string? format)
            where T : IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider, format);

        /// <summary>Appends the value of a resource.</summary>
        /// <param name="valueProvider">The resource.</param>
        /// <typeparam name="T">Its type.</typeparam>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider.Resource);

        /// <summary>Appends the value of a resource.</summary>
        /// <param name="valueProvider">The resource.</param>
        /// <param name="format"><c>uri</c> to encode it, or none.</param>
        /// <typeparam name="T">Its type.</typeparam>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format)
            where T : IResource, IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider.Resource, format);
    }
}
