namespace HighAvail.Hosting.Postgres;

/// <summary>The image that a Postgres server is published with: that of Aspire 13.5.2.</summary>
internal static class PostgresContainerImageTags
{
    internal const string Registry = "docker.io";
    internal const string Image = "library/postgres";
    internal const string Tag = "18.3";
}
