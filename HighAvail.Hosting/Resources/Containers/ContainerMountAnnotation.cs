using System.Diagnostics;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A folder or file that a container sees from outside.</summary>
[DebuggerDisplay("{Type} {Source} at {Target}")]
public sealed class ContainerMountAnnotation : IResourceAnnotation
{
    /// <summary>Describes the mount.</summary>
    /// <param name="source">The absolute path for a bind mount, the name for a volume; an anonymous volume has none.</param>
    /// <param name="target">The path in the container.</param>
    /// <param name="type">What is mounted.</param>
    /// <param name="isReadOnly">Whether the container cannot write to it.</param>
    /// <exception cref="ArgumentException">
    /// A bind mount has no absolute source, or an anonymous volume, which is always empty at first, is read-only.
    /// </exception>
    public ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (type == ContainerMountType.BindMount)
        {
            if (string.IsNullOrEmpty(source))
            {
                throw new ArgumentNullException(nameof(source), "Bind mounts must specify a source path.");
            }

            if (!Path.IsPathRooted(source))
            {
                throw new ArgumentException("Bind mounts must have a rooted source path.", nameof(source));
            }
        }
        else if (string.IsNullOrEmpty(source) && isReadOnly)
        {
            throw new ArgumentException("Anonymous volumes cannot be read-only.", nameof(isReadOnly));
        }

        Source = source;
        Target = target;
        Type = type;
        IsReadOnly = isReadOnly;
    }

    /// <summary>The absolute path for a bind mount, the name for a volume; an anonymous volume has none.</summary>
    public string? Source { get; }

    /// <summary>The path in the container.</summary>
    public string Target { get; }

    /// <summary>What is mounted.</summary>
    public ContainerMountType Type { get; }

    /// <summary>Whether the container cannot write to it.</summary>
    public bool IsReadOnly { get; }
}

/// <summary>What a container sees from outside.</summary>
public enum ContainerMountType
{
    /// <summary>A folder or file of the machine.</summary>
    BindMount,

    /// <summary>Storage that the container engine manages.</summary>
    Volume,
}
