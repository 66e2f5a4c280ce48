namespace HighAvail.Drill.Faults;

/// <summary>The system was not in a state in which a step can be done, and did not come into one: nothing that is wrong with the drill.</summary>
internal sealed class NotMadeException(string message) : Exception(message);
