using HighAvail.Gateway.Routing;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddGatewayRoutes();

var app = builder.Build();

app.UseServiceDefaults();
app.UseHttpsOnly();
app.UseRequestTimeouts();

app.MapDefaultEndpoints();
app.MapGatewayRoutes();

app.Run();
