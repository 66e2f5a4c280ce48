using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace HighAvail.ServiceDefaults.Caching;

/// <summary>
/// Entries in Redis are JSON, written and read as the service's own answers are. Each type of value needs a
/// <c>FusionCacheDistributedEntry</c> of itself in the service's serializer context.
/// </summary>
internal sealed class JsonCacheSerializer(JsonSerializerOptions options) : IFusionCacheSerializer
{
    public byte[] Serialize<T>(T? obj) => JsonSerializer.SerializeToUtf8Bytes(obj, TypeInfo<T?>());

    public T? Deserialize<T>(byte[] data) => JsonSerializer.Deserialize(data, TypeInfo<T>());

    public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => new(Serialize(obj));

    public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) => new(Deserialize<T>(data));

    private JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
