namespace HighAvail.Hosting.Orchestration;

/// <summary>How to start what a project was built to.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">What comes before the arguments that the model gives it.</param>
/// <param name="Directory">The folder that it lies in, and is started in.</param>
internal sealed record BuiltProgram(string FileName, IReadOnlyList<string> Arguments, string Directory);
