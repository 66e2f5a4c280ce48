var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres")
    .WithDataVolume();
var usersDb = postgres.AddDatabase("usersdb");
var ordersDb = postgres.AddDatabase("ordersdb");

var cache = builder.AddRedis("cache");

var users = builder.AddProject<Projects.HighAvail_UserService>("users")
    .WithReplicas(2)
    .WithReference(usersDb)
    .WithReference(cache)
    .WaitFor(usersDb)
    .WithHttpHealthCheck("/health");

var orders = builder.AddProject<Projects.HighAvail_OrderService>("orders")
    .WithReplicas(2)
    .WithReference(ordersDb)
    .WithReference(cache)
    .WithReference(users)
    .WaitFor(ordersDb)
    .WithHttpHealthCheck("/health");

// The gateway does not wait: it holds requests until a replica behind it is ready.
builder.AddProject<Projects.HighAvail_Gateway>("gateway")
    .WithReplicas(2)
    .WithExternalHttpEndpoints()
    .WithReference(users)
    .WithReference(orders)
    .WithHttpHealthCheck("/health");

builder.Build().Run();
