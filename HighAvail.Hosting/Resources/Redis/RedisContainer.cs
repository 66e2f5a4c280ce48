using System.Globalization;
using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Resources.Redis;

/// <summary>A Redis server as a container, which is how it is published.</summary>
internal static class RedisContainer
{
    internal const string DataFolder = "/data";

    private const string Registry = "docker.io";
    private const string Image = "library/redis";
    private const string Tag = "8.6";

    internal static IResourceBuilder<RedisResource> WithRedisContainer(this IResourceBuilder<RedisResource> builder)
    {
        var server = builder.Resource;

        // Through a shell, which puts the password in from the environment: arguments can be seen by everyone.
        return builder
            .WithImage(Image, Tag)
            .WithImageRegistry(Registry)
            .WithEntrypoint("/bin/sh")
            .WithEnvironment(context =>
            {
                if (server.PasswordParameter is { } password)
                {
                    context.EnvironmentVariables["REDIS_PASSWORD"] = password;
                }
            })
            .WithArgs(context =>
            {
                var command = Command(server);
                foreach (var arg in context.ExecutionContext.IsRunMode ? command : ["-c", string.Join(' ', command)])
                {
                    context.Args.Add(arg);
                }
            });
    }

    private static List<string> Command(RedisResource server)
    {
        List<string> command = ["redis-server"];
        if (server.PasswordParameter is not null)
        {
            command.AddRange(["--requirepass", "$REDIS_PASSWORD"]);
        }

        if (server.TryGetLastAnnotation<RedisPersistenceAnnotation>(out var persistence))
        {
            command.AddRange(
            [
                "--save",
                persistence.Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                persistence.KeysChangedThreshold.ToString(CultureInfo.InvariantCulture),
            ]);
        }

        return command;
    }
}
