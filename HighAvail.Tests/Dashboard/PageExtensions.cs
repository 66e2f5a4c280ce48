using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace HighAvail.Tests.Dashboard;

internal static class PageExtensions
{
    /// <summary>Waits until the page answers to what a person does, and not only looks like it.</summary>
    public static Task ReadyAsync(this IPage page) => page.Locator(".shell[data-interactive]").WaitForAsync();

    /// <summary>Waits until the address contains a text. Looks again and again: waiting for the navigation itself can begin when that is over.</summary>
    public static Task AddressAsync(this IPage page, string part) => Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(part)));

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
