using System.Text.Json;
using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Publishing;

/// <summary>Writes the manifest, which azd and others read.</summary>
internal sealed class ManifestPublisher : IPublisher
{
    private const string DefaultFileName = "aspire-manifest.json";

    public string Name => "manifest";

    public string Step => "publish-manifest";

    public async Task<string> PublishAsync(
        DistributedApplicationModel model, DistributedApplicationExecutionContext executionContext, string outputPath, CancellationToken cancellationToken)
    {
        // Aspire's rule: what does not end like a file is a folder, which need not be there yet.
        var path = Path.GetFullPath(outputPath.EndsWith(".json", StringComparison.Ordinal) ? outputPath : Path.Combine(outputPath, DefaultFileName));

        // Written at once, so that a model which cannot be published leaves no half of a manifest.
        using var manifest = new MemoryStream();
        var writer = new Utf8JsonWriter(manifest, new() { Indented = true, NewLine = "\n" });
        await using (writer.ConfigureAwait(false))
        {
            await new ManifestPublishingContext(executionContext, path, writer, cancellationToken).WriteModel(model, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, manifest.ToArray(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The manifest cannot be written to {path}: {exception.Message}", exception);
        }

        return path;
    }
}
