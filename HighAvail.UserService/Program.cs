using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Idempotency;
using HighAvail.ServiceDefaults.OpenApi;
using HighAvail.UserService;
using HighAvail.UserService.Access;
using HighAvail.UserService.Feed;
using HighAvail.UserService.Keys;
using HighAvail.UserService.Users;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();

builder.AddNpgsqlDataSource("usersdb", configureDataSourceBuilder: static db => db.ConnectionStringBuilder.UseSessionDefaults());
builder.AddRedisClient("cache");
builder.AddCache(typeof(Program).Assembly);
builder.AddMigrations(typeof(Program).Assembly);
builder.AddIdempotency();
builder.AddAccessTokens();
builder.AddSigningKeys();
builder.AddFeed();
builder.AddAccess();
builder.AddApiDocument(UserServiceApi.Name, UserServiceApi.Describe);
builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, UserServiceJson.Default));

var app = builder.Build();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();

app.MapDefaultEndpoints();
app.MapAccessApi();
app.MapSessionsApi();
app.MapKeysApi();
app.MapUsersApi();
app.MapFeedApi();
app.Run();
