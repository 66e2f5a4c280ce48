using System.Text.Json.Nodes;
using HighAvail.Tests.EndToEnd;

namespace HighAvail.Tests.Api;

/// <summary>What the running system answers is what its documents say: every success, and of each call an error.</summary>
[Collection(nameof(RunningSystem))]
public sealed class AnswersTests(RunningSystem running)
{
    // No request for keys is wrong in itself.
    private static readonly string[] _neverRefused = ["getConfiguration", "getKeys"];

    [Fact]
    public async Task Answers_OfEveryCall_AreAsDocumented()
    {
        var system = await ApiSystem.OpenAsync(running);
        var customer = await system.CustomerAsync();
        var admin = await system.AdministratorAsync();

        await SignInAsync(system, customer);
        await UseProfileAsync(customer, admin);
        await PlaceAsync(customer);
        await ReadOrdersAsync(customer, admin);
        await ChangeOrdersAsync(system, customer, admin);
        Assert.Equal(404, await customer.CallAsync("deactivateUser"));
        Assert.Equal(204, await customer.CallAsync("deactivateUser", customer.Id));

        var seen = system.Check.Seen;
        Assert.All(system.Catalogue.Operations, operation => Assert.Contains(seen, answer => answer.Id == operation.Id && answer.Status is >= 200 and < 300));
        Assert.Equal(
            _neverRefused,
            system.Catalogue.Operations.Where(operation => !seen.Any(answer => answer.Id == operation.Id && answer.Status >= 400)).Select(static operation => operation.Id).Order());
    }

    private static async Task SignInAsync(ApiSystem system, ApiCaller customer)
    {
        var anonymous = system.Anonymous();
        Assert.Equal(409, await anonymous.CallAsync("register", body: customer.Registration()));
        Assert.Equal(400, await anonymous.CallAsync("register", body: Without(customer.Registration(), "password")));
        Assert.Equal(401, await anonymous.CallAsync("login", body: new JsonObject { ["email"] = customer.Email, ["password"] = "wrong horse battery" }));
        Assert.Equal(400, await anonymous.CallAsync("login", body: new JsonObject()));

        var token = new JsonObject { ["refreshToken"] = customer.RefreshToken };
        Assert.Equal(200, await anonymous.CallAsync("refresh", body: token));
        Assert.Equal(401, await anonymous.CallAsync("refresh", body: token));
        Assert.Equal(400, await anonymous.CallAsync("refresh", body: new JsonObject()));
        Assert.Equal(204, await anonymous.CallAsync("logout", body: token));
        Assert.Equal(400, await anonymous.CallAsync("logout", body: new JsonObject()));

        Assert.Equal(200, await anonymous.CallAsync("getConfiguration"));
        Assert.Equal(200, await anonymous.CallAsync("getKeys"));
        Assert.Equal(401, await anonymous.CallAsync("getMe"));
    }

    private static async Task UseProfileAsync(ApiCaller customer, ApiCaller admin)
    {
        Assert.Equal(200, await customer.CallAsync("getMe"));
        Assert.Equal(304, await customer.CallAsync("getMe", headers: ("If-None-Match", "\"1\"")));
        Assert.Equal(200, await customer.CallAsync("getUser", customer.Id));
        Assert.Equal(304, await customer.CallAsync("getUser", customer.Id, headers: ("If-None-Match", "*")));
        Assert.Equal(404, await customer.CallAsync("getUser"));

        Assert.Equal(428, await customer.CallAsync("updateUser", customer.Id));
        Assert.Equal(412, await customer.CallAsync("updateUser", customer.Id, headers: ("If-Match", "\"9\"")));
        Assert.Equal(400, await customer.CallAsync("updateUser", customer.Id, new JsonObject(), headers: ("If-Match", "\"1\"")));
        Assert.Equal(404, await customer.CallAsync("updateUser", headers: ("If-Match", "\"1\"")));
        Assert.Equal(200, await customer.CallAsync("updateUser", customer.Id, headers: ("If-Match", "\"1\"")));

        Assert.Equal(403, await customer.CallAsync("listUsers"));
        Assert.Equal(200, await admin.CallAsync("listUsers", query: "?limit=1"));
        Assert.Equal(200, await admin.CallAsync("listUsers", query: $"?email={customer.Email}"));
        Assert.Equal(400, await admin.CallAsync("listUsers", query: "?limit=201"));

        Assert.Equal(403, await customer.CallAsync("setRole", customer.Id));
        Assert.Equal(400, await admin.CallAsync("setRole", customer.Id, new JsonObject { ["role"] = "root" }));
        Assert.Equal(404, await admin.CallAsync("setRole"));
        Assert.Equal(204, await admin.CallAsync("setRole", customer.Id, new JsonObject { ["role"] = "customer" }));
    }

    private static async Task PlaceAsync(ApiCaller customer)
    {
        var key = ("Idempotency-Key", $"{Guid.NewGuid()}");
        Assert.Equal(201, await customer.CallAsync("placeOrder", headers: key));
        Assert.Equal(201, await customer.CallAsync("placeOrder", headers: key));
        Assert.Equal(422, await customer.CallAsync("placeOrder", body: Order("USD", "TEA-1"), headers: key));
        Assert.Equal(400, await customer.CallAsync("placeOrder", body: Order("EUR", "not a sku")));
        Assert.Equal(400, await customer.CallAsync("placeOrder", headers: ("Idempotency-Key", new string('x', 201))));
        Assert.Equal(413, await customer.CallAsync("placeOrder", body: Order("EUR", new string('x', 300_000))));
    }

    private static async Task ReadOrdersAsync(ApiCaller customer, ApiCaller admin)
    {
        var order = await customer.PlaceConfirmedAsync();
        Assert.Equal(200, await customer.CallAsync("getOrder", order));
        Assert.Equal(304, await customer.CallAsync("getOrder", order, headers: ("If-None-Match", "*")));
        Assert.Equal(404, await customer.CallAsync("getOrder"));

        Assert.Equal(200, await customer.CallAsync("listOrders", query: "?limit=1"));
        Assert.Equal(200, await admin.CallAsync("listOrders", query: "?all=true&status=confirmed"));
        Assert.Equal(403, await customer.CallAsync("listOrders", query: "?all=true"));
        Assert.Equal(400, await customer.CallAsync("listOrders", query: "?status=lost"));

        Assert.Equal(200, await customer.CallAsync("watchOrder", order));
        Assert.Equal(200, await customer.CallAsync("watchOrder", order, headers: ("Last-Event-ID", "1")));
        Assert.Equal(400, await customer.CallAsync("watchOrder", order, headers: ("Last-Event-ID", "99")));
        Assert.Equal(404, await customer.CallAsync("watchOrder"));
    }

    private static async Task ChangeOrdersAsync(ApiSystem system, ApiCaller customer, ApiCaller admin)
    {
        var order = await customer.PlaceConfirmedAsync();
        Assert.Equal(404, await customer.CallAsync("cancelOrder"));
        Assert.Equal(412, await customer.CallAsync("cancelOrder", order, headers: ("If-Match", "\"9\"")));
        Assert.Equal(200, await customer.CallAsync("cancelOrder", order));
        Assert.Equal(409, await customer.CallAsync("cancelOrder", order));
        Assert.Equal(409, await admin.CallAsync("shipOrder", order));
        Assert.Equal(403, await customer.CallAsync("shipOrder", order));

        await system.FailAsync(order);
        Assert.Equal(200, await admin.CallAsync("listFailedOrders", query: "?limit=1"));
        Assert.Equal(400, await admin.CallAsync("listFailedOrders", query: "?limit=0"));
        Assert.Equal(403, await customer.CallAsync("listFailedOrders"));
        Assert.Equal(403, await customer.CallAsync("retryOrder", order));
        Assert.Equal(200, await admin.CallAsync("retryOrder", order));
        Assert.Equal(404, await admin.CallAsync("retryOrder"));

        var other = await customer.PlaceConfirmedAsync();
        Assert.Equal(200, await admin.CallAsync("shipOrder", other));
        Assert.Equal(409, await customer.CallAsync("cancelOrder", other));
        Assert.Equal(409, await admin.CallAsync("retryOrder", other));
    }

    private static JsonObject Without(JsonObject body, string member)
    {
        body.Remove(member);
        return body;
    }

    private static JsonObject Order(string currency, string sku) => new()
    {
        ["currency"] = currency,
        ["lines"] = new JsonArray(new JsonObject { ["sku"] = sku, ["quantity"] = 1, ["unitPrice"] = 1 }),
    };
}
