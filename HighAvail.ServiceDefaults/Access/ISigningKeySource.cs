using Microsoft.IdentityModel.Tokens;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>The public keys that verify access tokens. A service keeps them in memory and fills them from its own database.</summary>
public interface ISigningKeySource
{
    /// <summary>The key with this id, or <see langword="null"/> if it is not known (yet). Called for every token, so it must not wait for anything.</summary>
    /// <param name="keyId">The <c>kid</c> of the token.</param>
    SecurityKey? Find(string keyId);

    /// <summary>
    /// Reads the keys again. Called when a token names an unknown key, by one request at a time and not more often than
    /// <see cref="AccessOptions.KeyRefreshInterval"/>, so that made-up key ids cost nothing.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the request is aborted.</param>
    /// <returns>
    /// Whether every key is known now. If not, because whoever has them cannot be asked, a token with an unknown key is answered 503 and not 401.
    /// </returns>
    Task<bool> RefreshAsync(CancellationToken cancellationToken);
}
