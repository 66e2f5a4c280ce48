using HighAvail.Dashboard.Control;

namespace HighAvail.Dashboard.Resources;

/// <summary>A line of the table: a resource, or a replica of one.</summary>
public sealed record ResourceRow
{
    /// <summary>What commands and links name.</summary>
    public required string Name { get; init; }

    public required Resource Resource { get; init; }

    /// <summary>The replica, of a line that shows one.</summary>
    public Replica? Replica { get; init; }

    /// <summary>How deep it is nested.</summary>
    public int Level { get; init; }

    /// <summary>What is nested in it: replicas, or databases of a server.</summary>
    public IReadOnlyList<ResourceRow> Children { get; init; } = [];

    public string State => Replica?.State ?? Resource.State;

    public string? Health => Replica is null ? Resource.Health : Replica.Health;

    public string? Message => Replica is null ? Resource.Message : Replica.Message;

    public IReadOnlyList<Address> Addresses => Replica is null ? Resource.Links.Count > 0 ? Resource.Links : Resource.Endpoints : Replica.Endpoints;

    /// <summary>The replicas whose figures it shows: its own, or all.</summary>
    public IReadOnlyList<Replica> Replicas => Replica is null ? Resource.Replicas : [Replica];

    public int? Restarts => Replicas.Count > 0 ? Replicas.Sum(r => r.Restarts) : null;

    public DateTimeOffset? StartedAt => Replicas.Min(r => r.StartedAt);

    /// <summary>The lines for all resources, those of databases in their servers and those of replicas in their resources.</summary>
    internal static IReadOnlyList<ResourceRow> Of(IReadOnlyList<Resource> resources)
    {
        var names = resources.Select(r => r.Name).ToHashSet();

        // Parameters are values, and nothing happens to them.
        return [.. resources.Where(r => r.Parent is null || !names.Contains(r.Parent)).OrderBy(r => r.Type == "Parameter").Select(r => Create(r, 0))];

        ResourceRow Create(Resource resource, int level) => new()
        {
            Name = resource.Name,
            Resource = resource,
            Level = level,
            Children =
            [
                .. resource.HasReplicas ? resource.Replicas.Select(r => new ResourceRow { Name = r.Name, Resource = resource, Replica = r, Level = level + 1 }) : [],
                .. resources.Where(r => r.Parent == resource.Name).Select(r => Create(r, level + 1)),
            ],
        };
    }

    /// <summary>The lines that pass a filter, with those that they are nested in; nothing of what is collapsed.</summary>
    internal static IEnumerable<ResourceRow> Visible(IEnumerable<ResourceRow> rows, ResourceFilter filter, IReadOnlySet<string> collapsed)
    {
        foreach (var row in rows)
        {
            var children = Visible(row.Children, filter, collapsed).ToArray();
            if (children.Length > 0 || filter.Includes(row))
            {
                yield return row;
                foreach (var child in collapsed.Contains(row.Name) ? [] : children)
                {
                    yield return child;
                }
            }
        }
    }
}
