using System.Globalization;
using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Publishing;

/// <summary>
/// The expressions of one manifest. Some stand for entries of their own, which are written after the resources: an encoded parameter, a
/// conditional expression, and a resource that is used without having been added.
/// </summary>
internal sealed class ManifestExpressions
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IResource> _referenced = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<ParameterResource, Dictionary<string, string>> _encoded = [];
    private readonly Dictionary<string, ReferenceExpression> _conditionals = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<object> _visiting = new(ReferenceEqualityComparer.Instance);

    /// <summary>The conditional expressions that were used, by the name of their entry.</summary>
    internal IEnumerable<KeyValuePair<string, ReferenceExpression>> Conditionals => _conditionals;

    /// <summary>Parameters with encoded values whose entries were not taken yet.</summary>
    internal IEnumerable<ParameterResource> EncodedParameters => [.. _encoded.Keys];

    internal void Reserve(IEnumerable<IResource> resources) => _names.UnionWith(resources.Select(r => r.Name));

    /// <summary>The resources that something refers to and that are not among the given ones.</summary>
    internal IReadOnlyList<IResource> ReferencedBeside(IEnumerable<IResource> resources)
    {
        var known = resources.Select(r => r.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. _referenced.Values.Where(r => !known.Contains(r.Name))];
    }

    /// <summary>The entries that stand for the encoded values of a parameter: name and format. They are given once.</summary>
    internal IEnumerable<(string Name, string Format)> TakeEncoded(ParameterResource parameter) =>
        _encoded.Remove(parameter, out var formats) ? formats.Select(f => (f.Value, f.Key)) : [];

    /// <summary>What a manifest has for a value of the model.</summary>
    internal string? Of(object? value)
    {
        Register(value);
        return value switch
        {
            null => null,
            string text => text,
            ReferenceExpression expression => Of(expression),
            IManifestExpressionProvider provider => provider.ValueExpression,
            IResourceBuilder<IResource> { Resource: IManifestExpressionProvider provider } => provider.ValueExpression,
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
    }

    /// <summary>Remembers everything that a value refers to, so that it gets an entry.</summary>
    internal void Register(object? value)
    {
        if (value is ReferenceExpression expression)
        {
            Register(expression);
        }

        if (value is IResource resource)
        {
            _referenced.TryAdd(resource.Name, resource);
            _names.Add(resource.Name);
        }
        else if (value is IValueWithReferences composed && _visiting.Add(value))
        {
            foreach (var part in composed.References)
            {
                Register(part);
            }

            _visiting.Remove(value);
        }
    }

    private static ParameterResource? SingleParameter(IValueProvider value) => value switch
    {
        ParameterResource parameter => parameter,
        ReferenceExpression { Format: "{0}", ValueProviders: [ParameterResource parameter] } => parameter,
        _ => null,
    };

    private void Register(ReferenceExpression expression)
    {
        if (expression.IsConditional)
        {
            _conditionals.TryAdd(expression.Name!, expression);
            _names.Add(expression.Name!);
            return;
        }

        foreach (var (value, format) in expression.ValueProviders.Zip(expression.StringFormats))
        {
            if (format is not null && SingleParameter(value) is { } parameter)
            {
                EncodedName(parameter, format);
            }
        }
    }

    private string Of(ReferenceExpression expression)
    {
        if (expression.IsConditional)
        {
            return expression.ValueExpression;
        }

        var values = expression.ManifestExpressions.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            if (expression.StringFormats[i] is { } format && SingleParameter(expression.ValueProviders[i]) is { } parameter)
            {
                values[i] = $"{{{EncodedName(parameter, format)}.value}}";
            }
        }

        return string.Format(CultureInfo.InvariantCulture, expression.Format, values);
    }

    private string EncodedName(ParameterResource parameter, string format)
    {
        if (!_encoded.TryGetValue(parameter, out var formats))
        {
            _encoded[parameter] = formats = new(StringComparer.Ordinal);
        }

        if (formats.TryGetValue(format, out var name))
        {
            return name;
        }

        var wanted = name = $"{parameter.Name}-{format}-encoded";
        for (var suffix = 1; !_names.Add(name); suffix++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{suffix}");
        }

        return formats[format] = name;
    }
}
