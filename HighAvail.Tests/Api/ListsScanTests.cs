using HighAvail.Tests.EndToEnd;

namespace HighAvail.Tests.Api;

/// <summary>Whose rows are in the lists: every list of the documents, as everybody may ask for it. One that is not asked for here makes the test fail.</summary>
[Collection(nameof(RunningSystem))]
public sealed class ListsScanTests(RunningSystem running)
{
    private const string Own = "own";
    private const string Others = "others";
    private const string Everybody = "everybody";

    [Fact]
    public async Task Lists_AskedForByEverybody_HoldTheRowsOfThoseWhomTheCallerMaySeeAndNoOthers()
    {
        var system = await ApiSystem.OpenAsync(running);
        var lists = system.Catalogue.Operations.Where(static operation => IsList(operation)).Select(static operation => operation.Id);
        Assert.Equal(["listFailedOrders", "listOrders", "listUsers"], lists.Order());

        var customer = await system.CustomerAsync();
        var other = await system.CustomerAsync();
        var admin = await system.AdministratorAsync();
        foreach (var caller in (ApiCaller[])[customer, admin, other, other])
        {
            await caller.PlaceConfirmedAsync();
        }

        await system.FailAsync(await customer.PlaceConfirmedAsync());
        // After it there are orders of all of them.
        using var page = await other.SendAsync("listOrders", query: "?limit=1");
        var othersCursor = (await ApiCaller.ReadAsync(page))["next"]!.GetValue<string>();
        var (me, them) = ((await IdAsync(admin))!, other.Id!);

        // What a customer asks, and an administrator (who is the oldest user, so of users the customer counts as own); 401 is for everybody else. A status, or whose rows are in it.
        (string List, string Query, string Customer, string Admin)[] table =
        [
            ("listOrders", "", Own, Own),
            ("listOrders", "?limit=200", Own, Own),
            ("listOrders", "?status=confirmed", Own, Own),
            ("listOrders", "?all=false", Own, Own),
            ("listOrders", $"?after={othersCursor}", Own, Own),
            ("listOrders", $"?customerId={customer.Id}", Own, Others),
            ("listOrders", $"?customerId={them}", "403", Others),
            ("listOrders", $"?customerId={them}&status=confirmed", "403", Others),
            ("listOrders", $"?customerId={me}", "403", Own),
            ("listOrders", $"?customerId={Guid.CreateVersion7()}", "403", "nobody"),
            ("listOrders", "?all=true", "403", Everybody),
            ("listOrders", "?all=true&status=confirmed", "403", Everybody),
            ("listOrders", $"?all=true&customerId={customer.Id}", "400", "400"),
            ("listOrders", "?ALL=true", "403", Everybody),
            ("listFailedOrders", "", "403", Others),
            ("listFailedOrders", $"?customerId={customer.Id}", "403", Others),
            ("listUsers", "?limit=200", "403", Everybody),
            ("listUsers", $"?email={customer.Email}", "403", Own),
            ("listUsers", $"?email={other.Email}", "403", Others),
        ];
        Assert.All(table, row => Assert.Contains(row.List, lists));
        foreach (var (list, query, byCustomer, byAdmin) in table)
        {
            Assert.Equal(401, await system.Anonymous().CallAsync(list, query: query));
            Assert.Equal($"{list}{query}: {byCustomer}", $"{list}{query}: {await AskAsync(customer, customer.Id!)}");
            Assert.Equal($"{list}{query}: {byAdmin}", $"{list}{query}: {await AskAsync(admin, list == "listUsers" ? customer.Id! : me)}");

            async Task<string> AskAsync(ApiCaller caller, string id)
            {
                using var answer = await caller.SendAsync(list, query: query);
                return answer.IsSuccessStatusCode ? await WhoseAsync(answer, id) : $"{(int)answer.StatusCode}";
            }
        }

        // And not only others', but theirs who were asked for.
        Assert.Equal([customer.Id!], await OwnersAsync(admin, "listOrders", $"?customerId={customer.Id}"));
        Assert.Equal([them], await OwnersAsync(admin, "listOrders", $"?customerId={them}"));
        Assert.Equal([customer.Id!], await OwnersAsync(admin, "listUsers", $"?email={customer.Email}"));
        Assert.Subset((await OwnersAsync(admin, "listOrders", "?all=true")).ToHashSet(), new HashSet<string> { customer.Id!, them, me });
        Assert.Subset((await OwnersAsync(admin, "listUsers", "?limit=200")).ToHashSet(), new HashSet<string> { customer.Id!, them });
        Assert.Contains(customer.Id, await OwnersAsync(admin, "listFailedOrders", ""));
    }

    private static bool IsList(ApiOperation operation) =>
        operation.Statuses.Contains(200)
        && operation.Answer(200)["content"]?["application/json"]?["schema"] is { } schema
        && operation.Document.Resolve(schema)["properties"]?["items"] is not null;

    private static async Task<string?> IdAsync(ApiCaller caller)
    {
        using var me = await caller.SendAsync("getMe");
        return (await ApiCaller.ReadAsync(me))["id"]!.GetValue<string>();
    }

    private static async Task<string> WhoseAsync(HttpResponseMessage answer, string caller)
    {
        var owners = await OwnersAsync(answer);
        return (owners.Contains(caller), owners.Any(owner => owner != caller)) switch
        {
            (true, true) => Everybody,
            (true, false) => Own,
            (false, true) => Others,
            _ => "nobody",
        };
    }

    private static async Task<IReadOnlyList<string>> OwnersAsync(ApiCaller caller, string list, string query)
    {
        using var answer = await caller.SendAsync(list, query: query);
        return await OwnersAsync(answer);
    }

    // Of an order its customer; a user is their own.
    private static async Task<IReadOnlyList<string>> OwnersAsync(HttpResponseMessage answer) =>
    [
        .. (await ApiCaller.ReadAsync(answer))["items"]!.AsArray()
            .Select(static item => (item!["customerId"] ?? item["id"])!.GetValue<string>()).Distinct(),
    ];
}
