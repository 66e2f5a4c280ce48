namespace HighAvail.Tests.Hosting;

/// <summary>Tests that start whole systems, one after another: each needs the machine for itself.</summary>
[CollectionDefinition(nameof(WholeMachine), DisableParallelization = true)]
public sealed class WholeMachine;
