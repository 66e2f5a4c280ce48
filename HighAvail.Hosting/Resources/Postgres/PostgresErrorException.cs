namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>The server's own error, with its SQLSTATE.</summary>
internal sealed class PostgresErrorException(string sqlState, string message) : Exception($"{message} ({sqlState})")
{
    public const string CannotConnectNow = "57P03";
    public const string InvalidPassword = "28P01";
    public const string DuplicateDatabase = "42P04";
    public const string UniqueViolation = "23505";

    public string SqlState { get; } = sqlState;
}
