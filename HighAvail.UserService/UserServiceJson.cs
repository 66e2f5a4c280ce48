using System.Text.Json;
using System.Text.Json.Serialization;
using HighAvail.UserService.Access;
using HighAvail.UserService.Feed;
using HighAvail.UserService.Keys;
using HighAvail.UserService.Users;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;

namespace HighAvail.UserService;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(UpdateUserRequest))]
[JsonSerializable(typeof(SetRoleRequest))]
[JsonSerializable(typeof(ChangePage))]
[JsonSerializable(typeof(PublicKey))]
[JsonSerializable(typeof(PublicKeySet))]
[JsonSerializable(typeof(ProviderMetadata))]
[JsonSerializable(typeof(FusionCacheDistributedEntry<User>))]
internal sealed partial class UserServiceJson : JsonSerializerContext;
