using System.Globalization;
using HighAvail.Dashboard.Control;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HighAvail.Dashboard.ConsoleLogs;

/// <summary>The output that the host keeps, as a file.</summary>
internal static class ConsoleDownloadApi
{
    internal static void MapConsoleDownload(this IEndpointRouteBuilder routes) => routes.MapGet("/consolelogs/download/{name?}", DownloadAsync);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> DownloadAsync(
        HostConnection host, TimeProvider time, string? name, CancellationToken cancellationToken)
    {
        if (host.Client is not { } client)
        {
            return Gone();
        }

        if (name is not null && host.Find(name) is null)
        {
            return TypedResults.Problem($"There is no resource or replica '{name}'.", statusCode: StatusCodes.Status404NotFound);
        }

        try
        {
            var lines = new List<LogLine>();
            foreach (var source in name is null ? host.Resources.Where(r => r.Replicas.Count > 0).Select(r => r.Name) : [name])
            {
                await foreach (var line in client.LogsAsync(source, follow: false, cancellationToken))
                {
                    lines.Add(line);
                }
            }

            using var file = new MemoryStream();
            await using (var writer = new StreamWriter(file))
            {
                foreach (var line in lines.OrderBy(l => l.Time))
                {
                    await writer.WriteLineAsync($"{line.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)} {line.Replica} {AnsiText.Strip(line.Text)}");
                }
            }

            var stamp = time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            return TypedResults.File(file.ToArray(), "text/plain; charset=utf-8", $"{name ?? "console"}-{stamp}.log");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or ObjectDisposedException)
        {
            return Gone();
        }
    }

    private static ProblemHttpResult Gone() =>
        TypedResults.Problem("The app host does not answer. Try again when it runs.", statusCode: StatusCodes.Status503ServiceUnavailable);
}
