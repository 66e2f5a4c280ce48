using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Control;

/// <summary>Finds resources and replicas by the names that people type, regardless of case.</summary>
internal sealed class ResourceDirectory(DistributedApplicationModel model, ResourceNotificationService notifications)
{
    /// <summary>The resources, in the order of the model.</summary>
    internal IEnumerable<IResource> Resources => model.Resources;

    /// <summary>The last known state of everything: of replicas by their names, of what has none by the resource's.</summary>
    internal IReadOnlyList<ResourceEvent> CurrentStates => notifications.CurrentStates;

    /// <summary>What a name stands for.</summary>
    /// <returns>The resource, and the replica if it is one of several; or the names most like it.</returns>
    internal (NamedResource? Found, string[] Nearest) Find(string name)
    {
        var states = CurrentStates;
        if (model.Resources.FirstOrDefault(r => Same(r.Name, name)) is { } resource)
        {
            return (new(resource, null), []);
        }

        return states.FirstOrDefault(s => Same(s.ResourceId, name)) is { } replica
            ? (new(replica.Resource, replica.ResourceId), [])
            : (null, NearestNames.Find(name, model.Resources.Select(r => r.Name).Concat(states.Select(s => s.ResourceId))));
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a name stands for.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Replica">The replica, or <see langword="null"/> for the resource as a whole.</param>
internal sealed record NamedResource(IResource Resource, string? Replica)
{
    internal string Name => Replica ?? Resource.Name;

    /// <summary>Which of the states are meant.</summary>
    internal IEnumerable<ResourceEvent> StatesOf(IEnumerable<ResourceEvent> states) =>
        states.Where(s => s.Resource == Resource && (Replica is null || s.ResourceId == Replica));
}
