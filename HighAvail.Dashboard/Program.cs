using HighAvail.Dashboard.Access;
using HighAvail.Dashboard.ConsoleLogs;
using HighAvail.Dashboard.Control;
using HighAvail.Dashboard.Shell;
using HighAvail.Dashboard.Telemetry;
using Microsoft.FluentUI.AspNetCore.Components;

var builder = WebApplication.CreateSlimBuilder(args);

builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseStaticWebAssets();
builder.AddAccess();
builder.Services.AddControl();
builder.Services.AddHealthChecks();
builder.AddTelemetry();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddFluentUIComponents();
builder.Services.AddSingleton(new DashboardApplication(builder.Configuration[DashboardApplication.NameSetting] ?? "HighAvail"));

var app = builder.Build();

app.UseSecurityHeaders();
app.UseAccess();
app.UseAntiforgery();

app.MapHealthChecks("/health").AllowAnonymous();
app.MapHealthChecks("/alive").AllowAnonymous();
app.MapStaticAssets().AllowAnonymous();
app.MapLogin();
app.MapConsoleDownload();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);

app.Run();
