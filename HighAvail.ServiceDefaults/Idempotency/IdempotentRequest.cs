using System.Security.Cryptography;
using HighAvail.ServiceDefaults.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace HighAvail.ServiceDefaults.Idempotency;

/// <summary>
/// An unsafe request that can be repeated: the parameter of a handler whose endpoint has <see cref="IdempotencyExtensions.WithIdempotency{T}"/>.
/// It stands before the parameter for the body.
/// </summary>
/// <remarks>
/// The answer is stored in the statement that does the work, so there is never one without the other. A repetition waits for the first to end
/// (one second at most, by the session's <c>lock_timeout</c>) and finds its answer.
/// </remarks>
public sealed class IdempotentRequest
{
    // What a handler's statement begins with. A row comes out of "key" when this request is the first with its key.
    private const string Insert =
        """
        WITH key AS (
            INSERT INTO idempotency_keys (scope, request, status, location, entity_tag, body)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (scope) DO NOTHING
            RETURNING scope)
        """;

    // The same where the work is a change: no key without the locked row that is going to be changed.
    private const string InsertForTarget =
        """
        key AS (
            INSERT INTO idempotency_keys (scope, request, status, location, entity_tag, body)
            SELECT $1, $2, $3, $4, $5, $6 FROM target
            ON CONFLICT (scope) DO NOTHING
            RETURNING scope)
        """;

    private readonly byte[] _scope;
    private readonly byte[] _request;

    private IdempotentRequest(byte[] scope, byte[] request, bool isRepeatable)
    {
        (_scope, _request, IsRepeatable) = (scope, request, isRepeatable);
    }

    private IdempotentRequest(string error)
        : this([], [], isRepeatable: false)
    {
        Error = error;
    }

    /// <summary>What a handler answers when nothing was written for no other reason than the key; the filter sends the stored answer instead.</summary>
    public static ProblemHttpResult Repeated => TypedResults.Problem(
        statusCode: StatusCodes.Status503ServiceUnavailable, title: "The request is being repeated. Repeat it once more.");

    /// <summary>Whether somebody knows the key: the client, or what stands before this service.</summary>
    internal bool IsRepeatable { get; }

    /// <summary>What is wrong with the key.</summary>
    internal string? Error { get; }

    /// <summary>Reads key and fingerprint. Called by the framework.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The request with its key, or with one made up where none was sent.</returns>
    public static async ValueTask<IdempotentRequest?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!IdempotencyKey.TryRead(context.Request, out var key))
        {
            return new IdempotentRequest(IdempotencyKey.Requirement);
        }

        var fingerprints = context.RequestServices.GetRequiredService<RequestFingerprints>();
        return new IdempotentRequest(
            RequestFingerprints.Scope(context, key ?? Guid.NewGuid().ToString()),
            await fingerprints.RequestAsync(context.Request, context.RequestAborted),
            isRepeatable: key is not null);
    }

    /// <summary>
    /// Does the work of the request and stores its answer, in one statement. The statement goes on after <c>WITH key AS (…)</c>, with a comma and
    /// further parts or at once with its last: all select <c>FROM key</c>, directly or through one another, so that nothing is written for a repetition.
    /// </summary>
    /// <param name="dataSource">The database of the service.</param>
    /// <param name="response">The answer.</param>
    /// <param name="sql">The rest of the statement, with its parameters from <c>$7</c> on.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <returns>
    /// Whether the last part of the statement wrote something. If not, the request is a repetition or the statement's own conditions did not hold;
    /// the handler answers as if the latter, and where it was the former the stored answer is sent instead.
    /// </returns>
    /// <exception cref="UnknownOutcomeException">The statement was sent and may or may not have taken effect.</exception>
    /// <exception cref="NpgsqlException">No connection could be had, or the server refused the statement.</exception>
    public async Task<bool> WriteAsync(NpgsqlDataSource dataSource, StoredResponse response, string sql, params NpgsqlParameter[] parameters) =>
        await dataSource.WriteAsync(Insert + sql, WithAnswer(response, parameters)) > 0;

    /// <summary>
    /// Changes what is there already and stores the answer, in one statement, and neither when what the change was decided upon has changed meanwhile.
    /// The statement begins with <c>WITH target AS (…), key AS (…)</c>: the key is stored only when there is a target. Then it goes on as that of
    /// <see cref="WriteAsync"/>.
    /// </summary>
    /// <param name="dataSource">The database of the service.</param>
    /// <param name="response">The answer.</param>
    /// <param name="target">
    /// Selects the row to change, by its id and by all that the answer was made from, such as its version, <c>FOR UPDATE</c>: it waits for whoever is
    /// changing the row, and then finds it changed.
    /// </param>
    /// <param name="sql">The rest of the statement; whatever it writes it selects <c>FROM target, key</c>.</param>
    /// <param name="parameters">The parameters of both, from <c>$7</c> on.</param>
    /// <returns>Whether the last part of the statement wrote something. If not, the handler looks again and decides anew.</returns>
    /// <exception cref="UnknownOutcomeException">The statement was sent and may or may not have taken effect.</exception>
    /// <exception cref="NpgsqlException">No connection could be had, or the server refused the statement.</exception>
    public async Task<bool> ChangeAsync(
        NpgsqlDataSource dataSource, StoredResponse response, string target, string sql, params NpgsqlParameter[] parameters) =>
        await dataSource.WriteAsync($"WITH target AS ({target}),\n{InsertForTarget}{sql}", WithAnswer(response, parameters)) > 0;

    /// <summary>The answer to the first request with this key, if there is one.</summary>
    /// <remarks>
    /// It is read like a write, with a lock on its row: the first request may have been cut off while its commit waited for a synchronous
    /// standby. Then its row is there for everybody to see, and gone when this server is. The lock makes a commit of its own, which is
    /// acknowledged only when the standby has all that came before it.
    /// </remarks>
    internal Task<FoundResponse?> FindAsync(NpgsqlDataSource dataSource) => dataSource.WriteAsync(
        """
        SELECT request, status, location, entity_tag, body FROM idempotency_keys WHERE scope = $1 FOR KEY SHARE
        """,
        [new() { Value = _scope }],
        ReadAsync);

    private async Task<FoundResponse?> ReadAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        if (!await reader.ReadAsync(CancellationToken.None))
        {
            return null;
        }

        return new FoundResponse(
            CryptographicOperations.FixedTimeEquals(reader.GetFieldValue<byte[]>(0), _request),
            new StoredResponse(
                reader.GetInt16(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetFieldValue<byte[]>(4),
                isReplay: true));
    }

    private NpgsqlParameter[] WithAnswer(StoredResponse response, NpgsqlParameter[] parameters)
    {
        ArgumentNullException.ThrowIfNull(response);
        return
        [
            new() { Value = _scope },
            new() { Value = _request },
            new() { Value = (short)response.StatusCode },
            new() { Value = (object?)response.Location ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = (object?)response.EntityTag ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = response.Body },
            .. parameters,
        ];
    }

    /// <param name="IsSameRequest">Whether what was asked then is what is asked now.</param>
    /// <param name="Response">What was answered.</param>
    internal sealed record FoundResponse(bool IsSameRequest, StoredResponse Response);
}
