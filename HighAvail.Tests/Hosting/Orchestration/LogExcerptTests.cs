using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

public class LogExcerptTests
{
    [Fact]
    public void Of_ServiceThatGaveUp_IsItsLastErrorWithoutStackTraceAndColours() => Assert.Equal(
        ["crit: Startup[1]", "      Start-up task failed.", "      System.InvalidOperationException: Postgres has 40 connections."],
        LogExcerpt.Of(
            [
                "\e[41m\e[1m\e[37mcrit\e[39m\e[22m\e[49m: Earlier[1]",
                "      Of the start before.",
                "\e[40m\e[32minfo\e[39m\e[22m\e[49m: Microsoft.Hosting.Lifetime[0]",
                "      Application started.",
                "\e[41m\e[1m\e[37mcrit\e[39m\e[22m\e[49m: Startup[1]",
                "      Start-up task failed.",
                "      System.InvalidOperationException: Postgres has 40 connections.",
                "         at Check.RunAsync() in /src/Check.cs:line 32",
                "",
                "\e[40m\e[32minfo\e[39m\e[22m\e[49m: Microsoft.Hosting.Lifetime[0]",
                "      Application is shutting down...",
            ],
            maxLines: 5));

    [Fact]
    public void Of_UnhandledException_BeginsWithIt() => Assert.Equal(
        ["Unhandled exception. System.FormatException: no", " ---> System.Exception: luck"],
        LogExcerpt.Of(["info: App[0]", "      up", "Unhandled exception. System.FormatException: no", " ---> System.Exception: luck", "   at Main()"], maxLines: 5));

    [Fact]
    public void Of_OtherPrograms_IsTheEnd() => Assert.Equal(["2", "3"], LogExcerpt.Of(["1", "2", "3"], maxLines: 2));
}
