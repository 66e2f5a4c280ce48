using System.Security.Cryptography;
using HighAvail.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace HighAvail.Hosting.Dashboard;

/// <summary>Who may see the dashboard and who may send telemetry to it. Both secrets are new at each start unless they are configured.</summary>
internal sealed class DashboardAccess(IConfiguration configuration, DistributedApplicationModel model)
{
    internal const string AllowAnonymousSetting = "ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS";

    private const int SecretBytes = 16;

    /// <summary>What a person shows to log in.</summary>
    internal string BrowserToken { get; } = Setting(configuration, "AppHost:BrowserToken", "ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN") ?? NewSecret();

    /// <summary>What programs show that send telemetry.</summary>
    internal string OtlpApiKey { get; } = Setting(configuration, "AppHost:OtlpApiKey") ?? NewSecret();

    /// <summary>Whether everybody may look without logging in.</summary>
    internal bool AllowsAnonymous { get; } = configuration.GetValue<bool>(AllowAnonymousSetting);

    /// <summary>The dashboard, if there is one.</summary>
    internal DashboardResource? Resource => model.Resources.OfType<DashboardResource>().FirstOrDefault();

    /// <summary>What to open in a browser, once the endpoints have addresses.</summary>
    internal string? LoginUrl => Resource is { } dashboard ? new Uri(dashboard.Address, $"login?t={Uri.EscapeDataString(BrowserToken)}").ToString() : null;

    private static string? Setting(IConfiguration configuration, params string[] names) =>
        names.Select(n => configuration[n]).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v));

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
}
