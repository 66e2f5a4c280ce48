namespace HighAvail.Dashboard.Shell;

/// <summary>The application that the dashboard shows.</summary>
/// <param name="Name">What it is called, in the pages' titles.</param>
internal sealed record DashboardApplication(string Name)
{
    /// <summary>Aspire's name of the setting.</summary>
    internal const string NameSetting = "Dashboard:ApplicationName";
}
