using HighAvail.OrderService;
using HighAvail.OrderService.Access;
using HighAvail.OrderService.Events;
using HighAvail.OrderService.Feed;
using HighAvail.OrderService.Orders;
using HighAvail.OrderService.Processing;
using HighAvail.OrderService.Signals;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Idempotency;
using HighAvail.ServiceDefaults.OpenApi;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();

builder.AddNpgsqlDataSource("ordersdb", configureDataSourceBuilder: static db => db.ConnectionStringBuilder.UseSessionDefaults());
builder.AddRedisClient("cache");
builder.AddCache(typeof(Program).Assembly);
builder.AddMigrations(typeof(Program).Assembly);
builder.AddIdempotency();
builder.AddAccessTokens();
builder.AddSigningKeys();
builder.AddUserFeed();
builder.AddOrderSignals();
builder.Services.AddOrderProcessing();
builder.Services.AddOrderEvents();
builder.Services.AddSingleton<FinalOrders>();
builder.AddApiDocument(OrderServiceApi.Name, OrderServiceApi.Describe);
builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, OrderServiceJson.Default));

var app = builder.Build();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();

app.MapDefaultEndpoints();
app.MapOrdersApi();
app.MapOrderListsApi();
app.MapOrderChangesApi();
app.MapOrderEventsApi();
app.Run();
