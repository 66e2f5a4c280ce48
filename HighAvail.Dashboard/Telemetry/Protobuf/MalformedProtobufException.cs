namespace HighAvail.Dashboard.Telemetry.Protobuf;

/// <summary>Bytes that are not the Protobuf message that they should be.</summary>
internal sealed class MalformedProtobufException(string message) : Exception(message);
