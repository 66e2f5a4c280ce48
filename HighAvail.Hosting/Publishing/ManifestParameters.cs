using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Publishing;

/// <summary>What is asked of whoever deploys, in a manifest.</summary>
internal static class ManifestParameters
{
    internal static Task WriteAsync(ManifestPublishingContext context, ParameterResource parameter)
    {
        var writer = context.Writer;
        writer.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString)
        {
            writer.WriteString("connectionString", parameter.ValueExpression);
        }

        writer.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        writer.WriteStartObject("inputs");
        writer.WriteStartObject("value");
        writer.WriteString("type", "string");
        if (parameter.Secret)
        {
            writer.WriteBoolean("secret", true);
        }

        if (parameter.Default is not null)
        {
            writer.WriteStartObject("default");
            parameter.Default.WriteToManifest(context);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        return Task.CompletedTask;
    }
}
