namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>A user of this machine, as its user database has it.</summary>
internal sealed record SystemUser(string Name, uint UserId, uint GroupId)
{
    private const string UserDatabase = "/etc/passwd";

    /// <summary>What <c>setpriv</c> needs to run a program as this user with nothing of root left.</summary>
    public IEnumerable<string> SetPrivArguments => [$"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--"];

    /// <summary>Whom Postgres runs as.</summary>
    public static SystemUser? ForPostgres() => ForServer("postgres", "nobody");

    /// <summary>Whom Redis and its like run as.</summary>
    public static SystemUser? ForRedis() => ForServer("redis", "valkey", "nobody");

    /// <summary>
    /// Whom a data server runs as: the first of <paramref name="names"/> that exists when the host is root, otherwise
    /// <see langword="null"/>: the host's own user.
    /// </summary>
    /// <exception cref="InvalidOperationException">The host is root and none of the users exists.</exception>
    public static SystemUser? ForServer(params ReadOnlySpan<string> names)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        foreach (var name in names)
        {
            if (Find(name) is { } user)
            {
                return user;
            }
        }

        throw new InvalidOperationException(
            $"The host runs as root, and none of the users {string.Join(", ", names)} exists to run the server as. Start it as an ordinary user.");
    }

    private static SystemUser? Find(string name)
    {
        if (!File.Exists(UserDatabase))
        {
            return null;
        }

        foreach (var line in File.ReadLines(UserDatabase))
        {
            // name:password:uid:gid:comment:home:shell
            var fields = line.Split(':');
            if (fields.Length >= 4 && fields[0] == name && uint.TryParse(fields[2], out var userId) && uint.TryParse(fields[3], out var groupId))
            {
                return new SystemUser(name, userId, groupId);
            }
        }

        return null;
    }
}
