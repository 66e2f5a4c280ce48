using System.Text.Json;
using System.Text.Json.Serialization;
using HighAvail.UserService.Access;
using HighAvail.UserService.Feed;
using HighAvail.UserService.Keys;
using HighAvail.UserService.Users;

namespace HighAvail.UserService;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LoginResponse))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(UpdateUserRequest))]
[JsonSerializable(typeof(SetRoleRequest))]
[JsonSerializable(typeof(ChangePage))]
[JsonSerializable(typeof(PublicKey))]
[JsonSerializable(typeof(PublicKeySet))]
[JsonSerializable(typeof(ProviderMetadata))]
internal sealed partial class UserServiceJson : JsonSerializerContext;
