namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Where an app host keeps files of its own between runs.</summary>
public interface IAspireStore
{
    /// <summary>The folder. Here it is the state folder, <c>.highavail</c> unless configured otherwise; it may not exist before the application was started.</summary>
    string BasePath { get; }
}
