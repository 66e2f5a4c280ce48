using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using HighAvail.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Hosting.Control;

/// <summary>Reads the arguments of a command strictly: one that is not understood must not be ignored.</summary>
internal static class CommandBody
{
    /// <summary>What to send for an argument. What is not a number is sent as it is: the host says what is allowed.</summary>
    internal static HttpContent Of(string name, string value) => JsonContent.Create(
        new() { [name] = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : value },
        ControlJson.Default.JsonObject);

    internal static async Task<(int? Argument, (int Status, string Problem)? Invalid)> ReadAsync(HttpContext context, ResourceCommandAnnotation command)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
            return body.Length == 0
                ? command.Argument is { } missing ? Wrong(missing.Problem(command.Name, null)) : default
                : Read(JsonSerializer.Deserialize(body.ToArray(), ControlJson.Default.JsonElement), command);
        }
        catch (JsonException)
        {
            return Wrong("The body is not valid JSON.");
        }
        catch (BadHttpRequestException exception)
        {
            return (null, (exception.StatusCode, exception.Message));
        }
    }

    private static (int? Argument, (int Status, string Problem)? Invalid) Read(JsonElement body, ResourceCommandAnnotation command)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return Wrong("The body holds the command's arguments as a JSON object, or is empty.");
        }

        if (body.EnumerateObject().Select(a => a.Name).FirstOrDefault(n => n != command.Argument?.Name) is { } unknown)
        {
            return Wrong($"'{command.Name}' takes no argument '{unknown}'.");
        }

        if (command.Argument is not { } argument)
        {
            return default;
        }

        return body.TryGetProperty(argument.Name, out var value)
            ? argument.Read(value) is { } number ? (number, null) : Wrong(argument.Problem(command.Name, value.GetRawText()))
            : Wrong(argument.Problem(command.Name, null));
    }

    private static (int? Argument, (int Status, string Problem)? Invalid) Wrong(string problem) => (null, (StatusCodes.Status400BadRequest, problem));
}
