using System.Globalization;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Redis;

namespace HighAvail.Hosting.Resources.Redis;

/// <summary>A Redis server as a container, which is how it is published.</summary>
internal static class RedisContainer
{
    internal const string DataFolder = "/data";

    internal static IResourceBuilder<RedisResource> WithRedisContainer(this IResourceBuilder<RedisResource> builder)
    {
        var server = builder.Resource;

        // Through a shell: deployment tools give secrets to a container in its environment alone, which Redis does not read
        // (https://github.com/microsoft/aspire/issues/3838).
        return builder
            .WithImage(RedisContainerImageTags.Image, RedisContainerImageTags.Tag)
            .WithImageRegistry(RedisContainerImageTags.Registry)
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
