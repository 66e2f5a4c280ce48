namespace HighAvail.Hosting.Redis;

/// <summary>The image that a Redis server is published with: that of Aspire 13.5.2.</summary>
internal static class RedisContainerImageTags
{
    internal const string Registry = "docker.io";
    internal const string Image = "library/redis";
    internal const string Tag = "8.6";
}
