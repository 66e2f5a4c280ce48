using Microsoft.Extensions.Configuration;

namespace HighAvail.Hosting.Publishing;

/// <summary>
/// What the command line says about publishing: <c>--publisher manifest --output-path F</c>, or
/// <c>--operation publish --step publish-manifest --output-path F</c>, which is the same.
/// </summary>
internal sealed record PublishArguments(string? Publisher, string? RequestedOperation, string? Step, string? OutputPath)
{
    private const string PublisherKey = "Publishing:Publisher";
    private const string OutputPathKey = "Publishing:OutputPath";
    private const string OperationKey = "AppHost:Operation";
    private const string StepKey = "AppHost:Step";

    /// <summary>The options and the configuration keys that they set.</summary>
    internal static readonly Dictionary<string, string> Switches = new()
    {
        ["--publisher"] = PublisherKey,
        ["--output-path"] = OutputPathKey,
        ["--operation"] = OperationKey,
        ["--step"] = StepKey,
    };

    /// <summary>An operation that is not known counts as publishing, which starts nothing and then says what is wrong.</summary>
    internal DistributedApplicationOperation Operation =>
        Publisher is null && RequestedOperation is null or { Length: 0 } or "run" or "Run"
            ? DistributedApplicationOperation.Run
            : DistributedApplicationOperation.Publish;

    internal static PublishArguments Read(IConfiguration configuration) =>
        new(configuration[PublisherKey], configuration[OperationKey], configuration[StepKey], configuration[OutputPathKey]);
}
