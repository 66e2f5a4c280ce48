using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Tests.Dashboard.Telemetry;

public sealed class TelemetryFormatTests
{
    [Theory]
    [InlineData(0UL, "0 ns")]
    [InlineData(999UL, "999 ns")]
    [InlineData(1_500UL, "1.5 µs")]
    [InlineData(12_340_000UL, "12.34 ms")]
    [InlineData(2_500_000_000UL, "2.5 s")]
    [InlineData(3_600_000_000_000UL, "1:00:00 h")]
    [InlineData(ulong.MaxValue, "5124095:34:33 h")]
    public void Duration_Nanoseconds_IsInAUnitThatPeopleRead(ulong nanoseconds, string expected) => Assert.Equal(expected, TelemetryFormat.Duration(nanoseconds));

    [Fact]
    public void FullTime_LastThereIs_IsADate() => Assert.StartsWith("2554-07-2", TelemetryFormat.FullTime(ulong.MaxValue), StringComparison.Ordinal);
}
