using System.Reflection;

namespace HighAvail.Drill.Systems;

/// <summary>The app host that was built together with this program.</summary>
internal static class BuiltAppHost
{
    internal static string Assembly { get; } = Metadata("AppHostAssembly");

    /// <summary>The folder of its project, which its state lies in.</summary>
    internal static string Folder { get; } = Metadata("AppHostFolder");

    /// <summary>The state of the instance that a person starts with <c>dotnet run</c>.</summary>
    internal static string UsualState => Path.Combine(Folder, ".highavail");

    /// <summary>The state of an instance that was started with <c>--isolated=NAME</c>.</summary>
    internal static string IsolatedState(string name) => Path.Combine(UsualState, "isolated", name);

    /// <summary>Whether it was compiled against the real Aspire: that has no control API of ours.</summary>
    internal static bool IsAspire { get; } = Value("AppHostIsAspire") == "true";

    private static string Metadata(string key) => Path.GetFullPath(Value(key)!);

    private static string? Value(string key) =>
        typeof(BuiltAppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value;
}
