using System.Diagnostics;

namespace HighAvail.Hosting.Control;

/// <summary>
/// Mistakes in the description of the application, such as two resources of one name, are exceptions in the app host's own code, outside of
/// everything that could catch them. They are printed as one line instead of a stack trace, and the exit code is 1.
/// </summary>
internal static class DescriptionErrors
{
    private static int _installed;

    /// <summary>Begins to watch. For a program that is an app host, not for one that merely uses this library, such as a test.</summary>
    internal static void PrintInsteadOfCrashing()
    {
        if (Interlocked.Exchange(ref _installed, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
            {
                if (unhandled.ExceptionObject is Exception exception && Describe(exception) is { } text)
                {
                    Console.Error.WriteLine(text);
                    Environment.Exit(1);
                }
            };
        }
    }

    /// <summary>The line to print, or <see langword="null"/> when the exception is not about the description, so that its stack trace matters.</summary>
    internal static string? Describe(Exception exception)
    {
        var frames = new StackTrace(exception, fNeedFileInfo: true).GetFrames();
        var library = typeof(DescriptionErrors).Assembly;
        if (exception is not DistributedApplicationException &&
            !(exception is ArgumentException && frames.FirstOrDefault()?.GetMethod()?.DeclaringType?.Assembly == library))
        {
            return null;
        }

        var place = frames.FirstOrDefault(f => f.GetFileName() is not null && f.GetMethod()?.DeclaringType?.Assembly != library);
        return place is null ? $"error: {exception.Message}" : $"error: {exception.Message} ({Path.GetFileName(place.GetFileName())}:{place.GetFileLineNumber()})";
    }
}
