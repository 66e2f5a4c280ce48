using Microsoft.Playwright;

namespace HighAvail.Tests.Dashboard;

internal static class PageExtensions
{
    /// <summary>Waits until the page answers to what a person does, and not only looks like it.</summary>
    public static Task ReadyAsync(this IPage page) => page.Locator(".shell[data-interactive]").WaitForAsync();

    /// <summary>The line of a resource or replica.</summary>
    public static ILocator Row(this IPage page, string name) => page.Locator($"tr[data-resource='{name}']");

    /// <summary>What went wrong in the page's scripts, and what its security policy refused, from now on.</summary>
    public static List<string> Complaints(this IPage page)
    {
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Add(message.Text);
            }
        };
        return complaints;
    }
}
