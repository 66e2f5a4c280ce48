namespace HighAvail.Dashboard.Telemetry.Protobuf;

/// <summary>How a field is written (Protobuf encoding, "Message structure"). Groups (3 and 4) are not of Protobuf 3.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
