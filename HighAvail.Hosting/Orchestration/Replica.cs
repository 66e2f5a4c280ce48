namespace HighAvail.Hosting.Orchestration;

/// <summary>One of the replicas of a resource.</summary>
/// <param name="Name">Its name, such as <c>orders-0</c>; that of the resource where there is only ever one.</param>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Supervisor">Keeps it up.</param>
/// <param name="Driver">Knows what it runs.</param>
internal sealed record Replica(string Name, int Number, ReplicaSupervisor Supervisor, ReplicaDriver Driver)
{
    internal bool IsReady => Supervisor.Status.IsReady;
}
