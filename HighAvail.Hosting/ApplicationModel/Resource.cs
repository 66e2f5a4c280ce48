using System.Diagnostics;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The base of every resource.</summary>
[DebuggerDisplay("{GetType().Name,nq}, Name = {Name}")]
public abstract class Resource : IResource
{
    /// <summary>Creates a resource.</summary>
    /// <param name="name">1 to 64 ASCII letters, digits and single hyphens; starts with a letter, does not end with a hyphen.</param>
    /// <exception cref="ArgumentException">The name is not a valid resource name.</exception>
    protected Resource(string name)
    {
        ModelName.ValidateName(nameof(Resource), name);
        Name = name;
    }

    /// <inheritdoc />
    public virtual string Name { get; }

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}
