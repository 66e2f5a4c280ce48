namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A Postgres server: published as a container, on this machine a plain process.</summary>
public class PostgresServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";
    private const string DefaultUserName = "postgres";

    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Describes the server.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="userName">The superuser's name; <c>postgres</c> unless given.</param>
    /// <param name="password">The superuser's password.</param>
    public PostgresServerResource(string name, ParameterResource? userName, ParameterResource password)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(password);
        PrimaryEndpoint = new(this, PrimaryEndpointName);
        UserNameParameter = userName;
        PasswordParameter = password;
    }

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The superuser's name, if it is not <c>postgres</c>.</summary>
    public ParameterResource? UserNameParameter { get; set; }

    /// <summary>The superuser's password.</summary>
    public ParameterResource PasswordParameter { get; set; }

    /// <summary>The superuser's name as a value.</summary>
    public ReferenceExpression UserNameReference => UserNameParameter is null
        ? ReferenceExpression.Create($"{DefaultUserName}")
        : ReferenceExpression.Create($"{UserNameParameter}");

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(EndpointProperty.Port)};Username={UserNameReference};Password={PasswordParameter}");

    /// <summary>The address as a URI, with user and password.</summary>
    public ReferenceExpression UriExpression => Uri(null);

    /// <summary>The address for JDBC, without user and password.</summary>
    public ReferenceExpression JdbcConnectionString => Jdbc(null);

    /// <summary>Its databases: resource name to database name.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    /// <summary>The connection string, once the endpoint is allocated.</summary>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <returns>The connection string.</returns>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => Properties(null);

    internal void AddDatabase(string name, string databaseName) => _databases.TryAdd(name, databaseName);

    internal IEnumerable<KeyValuePair<string, ReferenceExpression>> Properties(string? databaseName)
    {
        yield return new("Host", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}"));
        yield return new("Port", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}"));
        yield return new("Username", UserNameReference);
        yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
        yield return new("Uri", Uri(databaseName));
        yield return new("JdbcConnectionString", Jdbc(databaseName));
    }

    private ReferenceExpression Uri(string? databaseName)
    {
        var uri = new ReferenceExpressionBuilder();
        uri.AppendLiteral("postgresql://");
        if (UserNameParameter is null)
        {
            uri.AppendLiteral(DefaultUserName);
        }
        else
        {
            uri.AppendFormatted(UserNameParameter, "uri");
        }

        uri.Append($":{PasswordParameter:uri}@{PrimaryEndpoint.Property(EndpointProperty.Host)}:{PrimaryEndpoint.Property(EndpointProperty.Port)}");
        return WithDatabase(uri, databaseName);
    }

    private ReferenceExpression Jdbc(string? databaseName)
    {
        var uri = new ReferenceExpressionBuilder();
        uri.Append($"jdbc:postgresql://{PrimaryEndpoint.Property(EndpointProperty.Host)}:{PrimaryEndpoint.Property(EndpointProperty.Port)}");
        return WithDatabase(uri, databaseName);
    }

    private static ReferenceExpression WithDatabase(ReferenceExpressionBuilder uri, string? databaseName)
    {
        if (databaseName is not null)
        {
            uri.AppendLiteral("/");
            uri.AppendFormatted(databaseName, "uri");
        }

        return uri.Build();
    }
}

/// <summary>A database of a Postgres server.</summary>
public class PostgresDatabaseResource : Resource, IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    /// <summary>Describes the database.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="databaseName">The database's name in the server.</param>
    /// <param name="postgresParentResource">The server.</param>
    public PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
        : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(databaseName);
        ArgumentNullException.ThrowIfNull(postgresParentResource);
        DatabaseName = databaseName;
        Parent = postgresParentResource;
    }

    /// <summary>The server.</summary>
    public PostgresServerResource Parent { get; }

    /// <summary>The database's name in the server.</summary>
    public string DatabaseName { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent as IResourceWithConnectionString};Database={DatabaseName}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [.. Parent.Properties(DatabaseName), new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}"))];
}
