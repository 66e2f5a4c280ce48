using HighAvail.Hosting.Control;

namespace HighAvail.Hosting.Orchestration;

/// <summary>What to say when files in the state folder belong to somebody else, as after a start with <c>sudo</c>.</summary>
internal static class StateAccess
{
    public static string Message(UnauthorizedAccessException exception, string stateDirectory) =>
        $"{exception.Message} This user needs everything in the state folder: sudo chown -R \"$(id -un)\" {ShellArgument.Quote(stateDirectory)}";
}
