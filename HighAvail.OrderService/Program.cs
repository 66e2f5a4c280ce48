using HighAvail.OrderService;
using HighAvail.OrderService.Access;
using HighAvail.OrderService.Orders;
using HighAvail.OrderService.Processing;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

builder.AddNpgsqlDataSource("ordersdb", configureDataSourceBuilder: static database => database.ConnectionStringBuilder.MaxAutoPrepare = 32);
builder.AddMigrations(typeof(Program).Assembly);
builder.AddStartupTask<LoadSigningKeys>();
builder.AddAccessTokens();
builder.Services.AddHttpClient<SigningKeyClient>(static http => http.BaseAddress = new("https+http://users")).RemoveAllLoggers();
builder.Services.AddSingleton<SigningKeyCopy>();
builder.Services.AddSingleton<ISigningKeySource>(static services => services.GetRequiredService<SigningKeyCopy>());
builder.Services.AddHostedService<SigningKeyRefresher>();
builder.Services.AddSingleton<PendingOrders>();
builder.Services.AddHostedService<OrderProcessor>();
builder.Services.AddOptions<SigningKeyOptions>().BindConfiguration("SigningKeys").ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddOptions<OrderProcessingOptions>().BindConfiguration("OrderProcessing").ValidateDataAnnotations().ValidateOnStart();
builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, OrderServiceJson.Default));

var app = builder.Build();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();

app.MapDefaultEndpoints();
app.MapOrdersApi();
app.Run();
