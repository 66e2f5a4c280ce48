namespace HighAvail.Hosting.Control.Verbs;

/// <summary>Everything about one resource.</summary>
internal static class ResourceDescription
{
    private static readonly string[] _replicaHeaders = ["REPLICAS", "STATE", "HEALTH", "PID", "RESTARTS", "UP", "ADDRESS"];

    internal static void Print(ResourceView resource, CommandOutput output, DateTimeOffset now)
    {
        Fact("name", resource.Name);
        Fact("type", resource.Type);
        Fact("state", resource.State);
        Fact("health", resource.Health ?? "-");
        Fact("message", resource.Message);
        Fact("references", string.Join(", ", resource.References));
        Fact("waits for", string.Join(", ", resource.WaitsFor));
        Fact("commands", string.Join(", ", resource.Commands.Where(c => c.IsEnabled).Select(c => c.Name)));
        foreach (var endpoint in resource.Endpoints)
        {
            Fact("endpoint", $"{endpoint.Name} {endpoint.Url}");
        }

        if (resource.Replicas.Count > 0)
        {
            output.Out.WriteLine();
            output.Table(_replicaHeaders, [.. resource.Replicas.Select(r => ResourceTable.Row(r, now))]);
        }

        if (resource.Environment.Count > 0)
        {
            output.Out.WriteLine();
            output.Table(["ENVIRONMENT", string.Empty], [.. resource.Environment.Select(v => new Cell[] { new("  " + v.Key), new(v.Value) })]);
        }

        void Fact(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                output.Write($"{name,-12}", Spectre.Console.Color.Grey);
                output.Write($"{value}\n", name is "state" or "health" ? ResourceTable.ColorOf(value) : Spectre.Console.Color.Default);
            }
        }
    }
}
