using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>When a token is signed with a key this replica does not know yet, reads the keys again and verifies once more.</summary>
internal sealed class UnknownKeyRetry(ISigningKeySource keys, IOptions<AccessOptions> access, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private long? _lastRefresh;
    private bool _isComplete;

    public void Dispose() => _one.Dispose();

    public async Task RetryAsync(AuthenticationFailedContext context)
    {
        if (context.Exception is not SecurityTokenSignatureKeyNotFoundException)
        {
            return;
        }

        var isComplete = await RefreshAsync(context.HttpContext.RequestAborted);

        var token = context.Request.Headers.Authorization.ToString()["Bearer ".Length..].Trim();
        var result = await context.Options.TokenHandlers[0].ValidateTokenAsync(token, context.Options.TokenValidationParameters);
        if (result.IsValid)
        {
            context.Principal = new ClaimsPrincipal(result.ClaimsIdentity);
            context.Success();
        }
        else if (!isComplete && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            context.HttpContext.Features.Set(new KeysMissing());
        }
    }

    /// <summary>Whether the token is good cannot be said now, so whoever sent it repeats the request instead of signing in again.</summary>
    public static Task ChallengeAsync(JwtBearerChallengeContext context)
    {
        if (context.HttpContext.Features.Get<KeysMissing>() is not null)
        {
            context.HandleResponse();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }

        return Task.CompletedTask;
    }

    // Whoever waited for another's refresh is inside the interval afterwards, and goes on with what that one has read.
    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_lastRefresh is { } last && time.GetElapsedTime(last) < access.Value.KeyRefreshInterval)
            {
                return _isComplete;
            }

            _isComplete = false;
            _lastRefresh = time.GetTimestamp();
            return _isComplete = await keys.RefreshAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    private sealed class KeysMissing;
}
