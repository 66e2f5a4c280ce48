namespace HighAvail.Drill.Load;

/// <summary>What a customer asks for.</summary>
internal enum RequestKind
{
    Place,
    Read,
    List,
    Cancel,
    Profile,
    SignIn,
    Watch,
}
