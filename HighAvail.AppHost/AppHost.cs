var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres")
    .WithDataVolume();
var usersDb = postgres.AddDatabase("usersdb");
var ordersDb = postgres.AddDatabase("ordersdb");

var cache = builder.AddRedis("cache");

// What the services show each other; nobody else knows it.
var serviceKey = builder.AddParameter("service-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

// Two of each service, and a third while one is replaced: Postgres must have connections for all of them.
const string postgresReplicas = "6";

var users = builder.AddProject<Projects.HighAvail_UserService>("users")
    .WithReplicas(2)
    .WithReference(usersDb)
    .WithReference(cache)
    .WithEnvironment("ServiceKey", serviceKey)
    .WithEnvironment("Postgres__Replicas", postgresReplicas)
    .WaitFor(usersDb)
    .WithHttpHealthCheck("/health");

var orders = builder.AddProject<Projects.HighAvail_OrderService>("orders")
    .WithReplicas(2)
    .WithReference(ordersDb)
    .WithReference(cache)
    .WithReference(users)
    .WithEnvironment("ServiceKey", serviceKey)
    .WithEnvironment("Postgres__Replicas", postgresReplicas)
    .WaitFor(ordersDb)
    .WithHttpHealthCheck("/health");

// The gateway does not wait: it holds requests until a replica behind it is ready.
var gateway = builder.AddProject<Projects.HighAvail_Gateway>("gateway")
    .WithReplicas(2)
    .WithExternalHttpEndpoints()
    .WithReference(users)
    .WithReference(orders)
    .WithHttpHealthCheck("/health");

// HAProxy before the gateways, with `-- --edge haproxy`.
builder.AddEdge(gateway);

builder.Build().Run();
