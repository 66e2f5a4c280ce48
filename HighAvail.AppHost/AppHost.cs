var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres")
    .WithDataVolume();
var usersDb = postgres.AddDatabase("usersdb");
var ordersDb = postgres.AddDatabase("ordersdb");

var cache = builder.AddRedis("cache");

// What the services show each other; nobody else knows it.
var serviceKey = builder.AddParameter("service-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

// Who makes other administrators. The password is made up unless one is set.
var adminEmail = builder.AddParameter("admin-email", builder.Configuration["Parameters:admin-email"] ?? "admin@example.com", publishValueAsDefault: true);
var adminPassword = builder.AddParameter("admin-password", new GenerateParameterDefault { Special = false }, secret: true, persist: true);

var users = builder.AddProject<Projects.HighAvail_UserService>("users")
    .WithReplicas(2)
    .WithReference(usersDb)
    .WithReference(cache)
    .WithEnvironment("ServiceKey", serviceKey)
    .WithEnvironment("Administrator__Email", adminEmail)
    .WithEnvironment("Administrator__Password", adminPassword)
    .WaitFor(usersDb)
    .WithHttpHealthCheck("/health");

var orders = builder.AddProject<Projects.HighAvail_OrderService>("orders")
    .WithReplicas(2)
    .WithReference(ordersDb)
    .WithReference(cache)
    .WithReference(users)
    .WithEnvironment("ServiceKey", serviceKey)
    .WaitFor(ordersDb)
    .WithHttpHealthCheck("/health");

// Postgres must have connections for all replicas of both, and for one more of each while they are replaced.
foreach (var service in (IResourceBuilder<ProjectResource>[])[users, orders])
{
    service.WithEnvironment(context => context.EnvironmentVariables["Postgres__Replicas"] =
        $"{users.Resource.GetReplicaCount() + orders.Resource.GetReplicaCount() + 2}");
}

// The gateway does not wait: it holds requests until a replica behind it is ready.
var gateway = builder.AddProject<Projects.HighAvail_Gateway>("gateway")
    .WithReplicas(2)
    .WithExternalHttpEndpoints()
    .WithReference(users)
    .WithReference(orders)
    .WithHttpHealthCheck("/health");

// Each grants its part of what a client may send.
gateway.WithEnvironment(context => context.EnvironmentVariables["Limits__Gateways"] = $"{gateway.Resource.GetReplicaCount()}");

// HAProxy before the gateways, with `-- --edge haproxy`.
builder.AddEdge(gateway);

builder.Build().Run();
