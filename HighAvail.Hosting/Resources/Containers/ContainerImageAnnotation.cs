using System.Diagnostics;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The image that a container is made of. It is named by a tag or by a digest, not by both.</summary>
[DebuggerDisplay("{Registry}/{Image}:{Tag}")]
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    private string? _tag;
    private string? _sha256;

    /// <summary>The registry, such as <c>docker.io</c>.</summary>
    public string? Registry { get; set; }

    /// <summary>The image's name in the registry.</summary>
    public required string Image { get; set; }

    /// <summary>The tag; setting it takes the digest back.</summary>
    public string? Tag
    {
        get => _tag;
        set => (_tag, _sha256) = (value, null);
    }

    /// <summary>The digest in hexadecimal digits; setting it takes the tag back.</summary>
    public string? SHA256
    {
        get => _sha256;
        set => (_tag, _sha256) = (null, value);
    }

    /// <summary>The whole name, as container engines take it.</summary>
    internal string FullName
    {
        get
        {
            var name = string.IsNullOrEmpty(Registry) ? Image : $"{Registry}/{Image}";
            return !string.IsNullOrEmpty(SHA256) ? $"{name}@sha256:{SHA256}" : string.IsNullOrEmpty(Tag) ? name : $"{name}:{Tag}";
        }
    }
}
