using HighAvail.Dashboard.Shell;
using Microsoft.FluentUI.AspNetCore.Components;

var builder = WebApplication.CreateSlimBuilder(args);

builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseStaticWebAssets();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddFluentUIComponents();
builder.Services.AddSingleton(new DashboardApplication(builder.Configuration[DashboardApplication.NameSetting] ?? "HighAvail"));

var app = builder.Build();

app.UseSecurityHeaders();
app.UseAntiforgery();

app.MapStaticAssets();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);

app.Run();
