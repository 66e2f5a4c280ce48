using HighAvail.Dashboard.Telemetry;
using HighAvail.Drill.Bench.Telemetry;

namespace HighAvail.Tests.Dashboard.Telemetry;

public sealed class AttributesTests
{
    public static TheoryData<byte[], string> Values => new()
    {
        { new ProtobufWriter().Text(1, "text").ToArray(), "text" },
        { new ProtobufWriter().Varint(2, 1).ToArray(), "true" },
        { new ProtobufWriter().Varint(3, unchecked((ulong)-5)).ToArray(), "-5" },
        { new ProtobufWriter().Double(4, 0.25).ToArray(), "0.25" },
        { new ProtobufWriter().Double(4, double.NaN).ToArray(), "NaN" },
        { new ProtobufWriter().Bytes(7, [1, 2, 3]).ToArray(), "AQID" },
        { new ProtobufWriter().Message(5, new ProtobufWriter().Message(1, new ProtobufWriter().Text(1, "<b>")).Message(1, new ProtobufWriter())).ToArray(), """["<b>",null]""" },
        { new ProtobufWriter().Message(6, new ProtobufWriter().Attribute(1, "a", 1).Attribute(1, "b", "c")).ToArray(), """{"a":1,"b":"c"}""" },
        // One of several, of which the last counts; also where it leads back to itself.
        { new ProtobufWriter().Text(1, "first").Varint(2, 0).ToArray(), "false" },
        { new ProtobufWriter().Text(1, "first").Message(5, new ProtobufWriter()).ToArray(), "[]" },
        { [], "" },
        // A field that came later.
        { new ProtobufWriter().Varint(99, 1).ToArray(), "" },
        { new ProtobufWriter().Bytes(1, [0xFF, 0x41]).ToArray(), "\uFFFDA" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void ReadValue_AnyKind_IsText(byte[] value, string expected)
    {
        Attributes.CheckValue(value);

        Assert.Equal(expected, Attributes.ReadValue(value));
    }

    [Fact]
    public void Find_Name_IsItsValueWithoutOthers()
    {
        var message = new ProtobufWriter().Attribute(9, "one", 1).Attribute(9, "two", "2").Attribute(8, "three", 3).ToArray();

        Assert.Equal("2", Attributes.Find(message, 9, "two"u8));
        Assert.Null(Attributes.Find(message, 9, "three"u8));
        Assert.Equal([new("one", "1"), new("two", "2")], Attributes.ReadAll(message, 9));
    }
}
