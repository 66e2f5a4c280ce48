namespace HighAvail.Hosting.ApplicationModel;

/// <summary>What else there is to say about a command that is an HTTP request.</summary>
public class HttpCommandOptions : CommandOptions
{
    /// <summary>Chooses the endpoint that is asked.</summary>
    public Func<EndpointReference>? EndpointSelector { get; set; }

    /// <summary>POST unless set.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>The name of the HTTP client, as registered with the app host's services; the host's own client unless set.</summary>
    public string? HttpClientName { get; set; }

    /// <summary>Completes the request: headers, a body.</summary>
    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }

    /// <summary>Makes the command's result of the response; a status of 200 to 299 is a success unless set.</summary>
    public Func<HttpCommandResultContext, Task<ExecuteCommandResult>>? GetCommandResult { get; set; }
}

/// <summary>The request of a command before it is sent.</summary>
public sealed class HttpCommandRequestContext
{
    /// <summary>The app host's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The app host's services: another name of <see cref="ServiceProvider"/>.</summary>
    public IServiceProvider Services => ServiceProvider;

    /// <summary>The name of the resource or replica that the command is done with.</summary>
    public required string ResourceName { get; init; }

    /// <summary>The endpoint that is asked.</summary>
    public required EndpointReference Endpoint { get; init; }

    /// <summary>Ends the work.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>What sends the request.</summary>
    public required HttpClient HttpClient { get; init; }

    /// <summary>The request.</summary>
    public required HttpRequestMessage Request { get; init; }
}

/// <summary>The response to the request of a command.</summary>
public sealed class HttpCommandResultContext
{
    /// <summary>The app host's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The app host's services: another name of <see cref="ServiceProvider"/>.</summary>
    public IServiceProvider Services => ServiceProvider;

    /// <summary>The name of the resource or replica that the command is done with.</summary>
    public required string ResourceName { get; init; }

    /// <summary>The endpoint that was asked.</summary>
    public required EndpointReference Endpoint { get; init; }

    /// <summary>Ends the work.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>What sent the request.</summary>
    public required HttpClient HttpClient { get; init; }

    /// <summary>The response.</summary>
    public required HttpResponseMessage Response { get; init; }
}
