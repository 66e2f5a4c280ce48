using HighAvail.Gateway.Edge;
using HighAvail.Gateway.Limits;
using HighAvail.Gateway.Routing;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddEdge();
builder.AddLimits();
builder.AddGatewayRoutes();

var app = builder.Build();

app.UseServiceDefaults();
app.UseEdge();
app.UseRateLimiter();

app.MapDefaultEndpoints();
app.MapGatewayRoutes();

app.Run();
