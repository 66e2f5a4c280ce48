using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HighAvail.Tests.Dashboard.Resources;

[Collection(nameof(DashboardSystem))]
public class ResourcesPageTests(DashboardSystem system)
{
    [Fact]
    public async Task Page_ShowsWhatTheControlApiSays()
    {
        var page = await system.LogInAsync();
        var resources = await system.ResourcesAsync();

        foreach (var resource in resources)
        {
            await Expect(page.Row(resource.Name)).ToContainTextAsync(resource.Type);
            await Expect(page.Row(resource.Name)).ToContainTextAsync(resource.State);
            foreach (var replica in resource.Replicas.Where(_ => resource.Replicas.Count > 1))
            {
                await Expect(page.Row(replica.Name)).ToContainTextAsync(replica.State);
            }
        }

        var expected = resources.SelectMany(r => r.Replicas.Count > 1 ? r.Replicas.Select(p => p.Name).Append(r.Name) : [r.Name]).Order();
        var shown = await page.Locator("tr[data-resource]").EvaluateAllAsync<string[]>("rows => rows.map(r => r.dataset.resource)");
        Assert.Equal(expected, shown.Order());
        await Expect(page.Row("gateway").GetByRole(AriaRole.Link, new() { Name = "https://localhost" })).ToBeVisibleAsync();
        await Expect(page.Row("orders-0").Locator("td").Nth(7)).ToContainTextAsync("MiB");
        await Expect(page.Row("orders-0").Locator("td").Nth(6)).ToContainTextAsync("%");
    }

    [Fact]
    public async Task Kill_FromElsewhere_IsSeen()
    {
        var page = await system.LogInAsync("/?resource=users-1");
        var restarts = int.Parse(await page.Row("users-1").Locator("td").Nth(2).TextContentAsync() ?? "", System.Globalization.CultureInfo.InvariantCulture);

        await system.CommandAsync("users-1", "kill");

        await Expect(page.Row("users-1").Locator("td").Nth(2)).ToHaveTextAsync($"{restarts + 1}");
        await Expect(page.Row("users-1")).ToContainTextAsync("Running");
        await Expect(page.Locator(".events")).ToContainTextAsync("Command: kill");
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync("users", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Command_ThatHurts_IsDoneOnlyWhenConfirmed()
    {
        var page = await system.LogInAsync();

        await page.Row("orders-1").GetByTitle("More").ClickAsync();
        await page.Locator("#menu-orders-1").GetByRole(AriaRole.Menuitem, new() { Name = "Pause" }).ClickAsync();
        await page.GetByText("It answers nothing until").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByText("It answers nothing until")).ToBeHiddenAsync();
        Assert.Equal("Running", await StateAsync("orders-1"));

        await page.Row("orders-1").GetByTitle("More").ClickAsync();
        await page.Locator("#menu-orders-1").GetByRole(AriaRole.Menuitem, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.Locator("fluent-button").Filter(new() { HasText = "Pause" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Row("orders-1")).ToContainTextAsync("Paused");
        Assert.Equal("Paused", await StateAsync("orders-1"));

        await page.Row("orders-1").GetByTitle("More").ClickAsync();
        await page.Locator("#menu-orders-1").GetByRole(AriaRole.Menuitem, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Row("orders-1")).ToContainTextAsync("Running");
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync("orders", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Restart_OfAReplica_GivesItANewProcessAndSaysThatItIsDone()
    {
        var page = await system.LogInAsync();
        var before = await ProcessAsync("gateway-1");

        await page.Row("gateway-1").GetByTitle("Restart").First.ClickAsync();

        // What is done is said for a few seconds only.
        var said = Expect(page.Locator(".command-run")).ToContainTextAsync("Done.");
        await Eventually.TrueAsync(async () => await ProcessAsync("gateway-1") != before);
        await said;
    }

    [Fact]
    public async Task Details_MaskSecretsUntilSomeoneAsks()
    {
        var page = await system.LogInAsync("/?resource=orders");
        var pane = page.Locator(".pane");
        var resource = (await system.ResourcesAsync()).Single(r => r.Name == "orders");

        await Expect(pane).ToContainTextAsync("ConnectionStrings__ordersdb");
        await Expect(pane).ToContainTextAsync("Password=******");
        await pane.GetByText("Show secrets").ClickAsync();
        await Expect(pane).Not.ToContainTextAsync("******");
        await pane.GetByText("Hide secrets").ClickAsync();
        await Expect(pane).ToContainTextAsync("Password=******");

        Assert.Contains("ordersdb", resource.References);
        await pane.GetByRole(AriaRole.Link, new() { Name = "users", Exact = true }).First.ClickAsync();
        await Expect(pane.Locator("h2")).ToHaveTextAsync("users");
        await Expect(pane).ToContainTextAsync("Used by");
        await page.Keyboard.PressAsync("Escape");
        await Expect(pane).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Search_IsPartOfTheAddress()
    {
        var page = await system.LogInAsync();

        await page.GetByLabel("Search resources").FillAsync("orders-1");

        await Expect(page.Locator("tr[data-resource]")).ToHaveCountAsync(2);
        await page.AddressAsync("/?search=orders-1");
        await page.ReloadAsync();
        await Expect(page.Locator("tr[data-resource]")).ToHaveCountAsync(2);
        await page.GotoAsync("/?type=PostgresDatabase");
        await Expect(page.Row("ordersdb")).ToBeVisibleAsync();
        await Expect(page.Row("orders")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Columns_SortResourcesAndTheReplicasInEach()
    {
        var page = await system.LogInAsync();

        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" }).GetByRole(AriaRole.Link).ClickAsync();
        await page.AddressAsync("/?sort=name");
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" })).ToHaveAttributeAsync("aria-sort", "ascending");
        var names = await NamesAsync(0);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" }).GetByRole(AriaRole.Link).ClickAsync();
        await page.AddressAsync("/?sort=-name");
        await Expect(page.Locator("tr[data-resource]").First).ToHaveAttributeAsync("data-resource", names[^1]);
        Assert.Equal(["users-1", "users-0"], (await NamesAsync(1)).Where(name => name.StartsWith("users-", StringComparison.Ordinal)));
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Memory" }).GetByRole(AriaRole.Link).ClickAsync();
        await page.AddressAsync("/?sort=-memory");
        await Expect(page.Locator("tr[data-level='0']").First.Locator("td").Nth(7)).ToContainTextAsync("MiB");

        Task<string[]> NamesAsync(int level) => page.Locator($"tr[data-level='{level}']").EvaluateAllAsync<string[]>("rows => rows.map(r => r.dataset.resource)");
    }

    private async Task<string> StateAsync(string replica) => (await system.ResourcesAsync()).SelectMany(r => r.Replicas).Single(r => r.Name == replica).State;

    private async Task<int?> ProcessAsync(string replica) => (await system.ResourcesAsync()).SelectMany(r => r.Replicas).Single(r => r.Name == replica).ProcessId;
}
