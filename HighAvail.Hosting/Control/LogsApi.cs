using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HighAvail.Hosting.Control;

/// <summary>
/// The output of a resource or replica: lines of text, each with the replica's name where there are several; or one JSON object a line for
/// who accepts <c>application/x-ndjson</c>.
/// </summary>
internal sealed class LogsApi(ResourceDirectory directory, LogReader logs)
{
    internal const string JsonLines = "application/x-ndjson";

    internal void Map(IEndpointRouteBuilder routes, CancellationToken stopping) =>
        routes.MapGet("/api/resources/{name}/logs", context => FollowedResponse.RunAsync(context, token => GetAsync(context, token), stopping));

    private async Task GetAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await ResourcesApi.FindAsync(context, directory).ConfigureAwait(false) is not { } target)
        {
            return;
        }

        if (!QueryValue.TryFlag(context.Request, "follow", out var follow) || !QueryValue.TryCount(context.Request, "tail", out var tail))
        {
            await ControlProblem.WriteAsync(context, StatusCodes.Status400BadRequest, "follow is true or false, and tail a number of lines.").ConfigureAwait(false);
            return;
        }

        var sources = logs.Sources(target);
        var (entries, until) = logs.Read(sources, tail);
        var json = context.Request.Headers.Accept.ToString().Contains(JsonLines, StringComparison.OrdinalIgnoreCase);
        context.Response.ContentType = json ? JsonLines : "text/plain; charset=utf-8";
        var writer = context.Response.BodyWriter;
        await WriteAsync(entries).ConfigureAwait(false);
        if (!follow)
        {
            return;
        }

        // Together what came together: programs print faster than lines can be sent one by one.
        await foreach (var more in logs.FollowAsync(target, until, cancellationToken).ConfigureAwait(false))
        {
            await WriteAsync(more).ConfigureAwait(false);
        }

        async Task WriteAsync(IReadOnlyList<LogEntry> batch)
        {
            foreach (var entry in batch)
            {
                Write(entry);
            }

            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        void Write(LogEntry entry)
        {
            if (json)
            {
                writer.Write(JsonSerializer.SerializeToUtf8Bytes(entry, ControlJson.Default.LogEntry));
                writer.Write("\n"u8);
                return;
            }

            var prefix = sources.Length > 1 ? $"{entry.Replica} | " : string.Empty;
            var lost = entry.LostBefore > 0 ? $"{prefix}({entry.LostBefore} lines left out)\n" : string.Empty;
            Encoding.UTF8.GetBytes($"{lost}{prefix}{entry.Text}\n", writer);
        }
    }
}
