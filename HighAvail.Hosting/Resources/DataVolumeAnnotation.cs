using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Resources;

/// <summary>Where a server's data are kept when it runs in a container.</summary>
internal sealed record DataVolumeAnnotation(string Name, bool IsReadOnly) : IResourceAnnotation;
