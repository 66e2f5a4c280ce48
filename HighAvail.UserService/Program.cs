using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using HighAvail.UserService;
using HighAvail.UserService.Access;
using HighAvail.UserService.Keys;
using HighAvail.UserService.Users;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

builder.AddNpgsqlDataSource("usersdb", configureDataSourceBuilder: static database => database.ConnectionStringBuilder.MaxAutoPrepare = 32);
builder.AddMigrations(typeof(Program).Assembly);
builder.AddStartupTask<LoadSigningKeys>();
builder.AddAccessTokens();
builder.Services.AddSingleton<SigningKeyStore>();
builder.Services.AddSingleton<ISigningKeySource>(static services => services.GetRequiredService<SigningKeyStore>());
builder.Services.AddSingleton<TokenIssuer>();
builder.Services.AddSingleton<PasswordHashes>();
builder.Services.AddOptions<PasswordHashingOptions>().BindConfiguration("Passwords").ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddOptions<TokenOptions>().BindConfiguration("Tokens").ValidateDataAnnotations().ValidateOnStart();
builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, UserServiceJson.Default));

var app = builder.Build();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();

app.MapDefaultEndpoints();
app.MapAccessApi();
app.MapKeysApi();
app.MapUsersApi();
app.Run();
