using System.Text.Json;
using System.Text.Json.Serialization;
using HighAvail.UserService.Access;
using HighAvail.UserService.Keys;
using HighAvail.UserService.Users;
using Microsoft.AspNetCore.Http.Json;

namespace HighAvail.UserService;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LoginResponse))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(PublicKey))]
[JsonSerializable(typeof(PublicKeySet))]
[JsonSerializable(typeof(ProviderMetadata))]
internal sealed partial class UserServiceJson : JsonSerializerContext
{
    public static void Configure(JsonOptions json)
    {
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, Default);
        // "1" is not 1, and of two members with one name nobody knows which counts.
        json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        json.SerializerOptions.AllowDuplicateProperties = false;
    }
}
