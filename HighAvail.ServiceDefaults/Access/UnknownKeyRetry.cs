using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>When a token is signed with a key this replica does not know yet, reads the keys again and verifies once more.</summary>
internal sealed class UnknownKeyRetry(ISigningKeySource keys, IOptions<AccessOptions> access, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private long? _lastRefresh;

    public void Dispose() => _one.Dispose();

    public async Task RetryAsync(AuthenticationFailedContext context)
    {
        if (context.Exception is not SecurityTokenSignatureKeyNotFoundException)
        {
            return;
        }

        await RefreshAsync(context.HttpContext.RequestAborted);

        var token = context.Request.Headers.Authorization.ToString()["Bearer ".Length..].Trim();
        var result = await context.Options.TokenHandlers[0].ValidateTokenAsync(token, context.Options.TokenValidationParameters);
        if (result.IsValid)
        {
            context.Principal = new ClaimsPrincipal(result.ClaimsIdentity);
            context.Success();
        }
    }

    // Whoever waited for another's refresh is inside the interval afterwards, and goes on with what that one has read.
    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_lastRefresh is { } last && time.GetElapsedTime(last) < access.Value.KeyRefreshInterval)
            {
                return;
            }

            _lastRefresh = time.GetTimestamp();
            await keys.RefreshAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }
}
