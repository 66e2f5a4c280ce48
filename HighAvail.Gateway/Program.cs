using HighAvail.Gateway.Docs;
using HighAvail.Gateway.Limits;
using HighAvail.Gateway.Routing;
using HighAvail.Gateway.Security;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddSecurity();
builder.AddLimits();
builder.AddGatewayRoutes();

var app = builder.Build();

app.UseServiceDefaults();
app.UseSecurity();
app.UseRateLimiter();

app.MapDefaultEndpoints();
app.MapDocs();
app.MapGatewayRoutes();

app.Run();
