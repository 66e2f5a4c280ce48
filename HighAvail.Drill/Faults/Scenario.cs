namespace HighAvail.Drill.Faults;

/// <summary>A fault: what is done to the system, step by step.</summary>
/// <param name="Name">How people ask for it.</param>
/// <param name="Title">What they see.</param>
/// <param name="Steps">What is done.</param>
internal sealed record Scenario(string Name, string Title, IReadOnlyList<Step> Steps);
