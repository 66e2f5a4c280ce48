using System.Text.Json.Nodes;
using HighAvail.Tests.EndToEnd;

namespace HighAvail.Tests.Api;

/// <summary>
/// Who gets what: every call of the documents, by everybody, of their own, of somebody else's and of what does not exist. A call that is not in the table
/// makes the test fail, so that whoever adds one has to say who may do it.
/// </summary>
[Collection(nameof(RunningSystem))]
public sealed class AccessScanTests(RunningSystem running)
{
    private const int NotApplicable = 0;

    // Anonymous; a customer, with what is their own; with another's; with what does not exist; an administrator, with a customer's; with what does not exist.
    private static readonly Dictionary<string, int[]> _allowed = new()
    {
        ["register"] = Everybody(201),
        ["login"] = Everybody(200),
        ["refresh"] = Everybody(200),
        ["logout"] = Everybody(204),
        ["getConfiguration"] = Everybody(200),
        ["getKeys"] = Everybody(200),
        ["getMe"] = [401, 200, NotApplicable, NotApplicable, 200, NotApplicable],
        ["getUser"] = [401, 200, 404, 404, 200, 404],
        ["updateUser"] = [401, 200, 404, 404, 200, 404],
        ["deactivateUser"] = [401, 204, 404, 404, 204, 404],
        ["listUsers"] = [401, 403, NotApplicable, NotApplicable, 200, NotApplicable],
        ["setRole"] = [401, 403, 403, 403, 204, 404],
        ["placeOrder"] = [401, 201, NotApplicable, NotApplicable, 201, NotApplicable],
        ["getOrder"] = [401, 200, 404, 404, 200, 404],
        ["listOrders"] = [401, 200, NotApplicable, NotApplicable, 200, NotApplicable],
        ["listFailedOrders"] = [401, 403, NotApplicable, NotApplicable, 200, NotApplicable],
        ["watchOrder"] = [401, 200, 404, 404, 200, 404],
        ["cancelOrder"] = [401, 200, 404, 404, 200, 404],
        ["shipOrder"] = [401, 403, 403, 403, 200, 404],
        ["retryOrder"] = [401, 403, 403, 403, 200, 404],
    };

    [Fact]
    public async Task Calls_ByEverybodyOfEverything_AnswerNotMoreThanTheTableSays()
    {
        var system = await ApiSystem.OpenAsync(running);
        Assert.Equal(_allowed.Keys.Order(), system.Catalogue.Operations.Select(static operation => operation.Id).Order());

        var anonymous = system.Anonymous();
        var owner = await system.CustomerAsync();
        var other = await system.CustomerAsync();
        var admin = await system.AdministratorAsync();
        var answered = new Dictionary<string, int[]>();
        foreach (var operation in system.Catalogue.Operations)
        {
            var hasTarget = operation.TakesId;
            answered[operation.Id] =
            [
                await CallAsync(system, anonymous, operation, owner, exists: true),
                await CallAsync(system, owner, operation, owner, exists: true),
                hasTarget ? await CallAsync(system, other, operation, owner, exists: true) : NotApplicable,
                hasTarget ? await CallAsync(system, owner, operation, owner, exists: false) : NotApplicable,
                await CallAsync(system, admin, operation, owner, exists: true),
                hasTarget ? await CallAsync(system, admin, operation, owner, exists: false) : NotApplicable,
            ];
            if (operation.Id == "deactivateUser")
            {
                owner = await system.CustomerAsync();
            }
        }

        Assert.Equal(Rows(_allowed), Rows(answered));
    }

    [Fact]
    public async Task Answers_OfAnothersAndOfMissing_AreTheSame()
    {
        var system = await ApiSystem.OpenAsync(running);
        var owner = await system.CustomerAsync();
        var other = await system.CustomerAsync();
        foreach (var operation in system.Catalogue.Operations.Where(static operation => operation.TakesId))
        {
            using var foreign = await SendAsync(system, other, operation, owner, exists: true);
            using var missing = await SendAsync(system, other, operation, owner, exists: false);

            Assert.Equal(await WithoutTraceAsync(missing), await WithoutTraceAsync(foreign));
        }
    }

    [Theory]
    [InlineData("/internal/users/changes")]
    [InlineData("/INTERNAL/users/changes")]
    [InlineData("/users/../internal/users/changes")]
    [InlineData("/users/%2e%2e/internal/users/changes")]
    [InlineData("/users/..%2finternal/users/changes")]
    [InlineData("//internal/users/changes")]
    [InlineData("/metrics")]
    [InlineData("/openapi/internal.json")]
    [InlineData("/openapi/v1.json")]
    public async Task Paths_ThatAreNotPublic_AreNotFound(string path)
    {
        using var client = running.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions
        {
            DangerousDisablePathAndQueryCanonicalization = true,
        }));

        using var response = await client.SendAsync(request, Patience.Token);

        // An escaped slash is no slash: that path is the User service's, which knows none such. A service that answered of itself would ask for a key (401).
        Assert.Contains((int)response.StatusCode, path.Contains("%2f", StringComparison.Ordinal) ? (int[])[400, 401, 404] : [400, 404]);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private static int[] Everybody(int status) => [status, status, NotApplicable, NotApplicable, status, NotApplicable];

    private static async Task<int> CallAsync(ApiSystem system, ApiCaller caller, ApiOperation operation, ApiCaller owner, bool exists)
    {
        using var response = await SendAsync(system, caller, operation, owner, exists);
        return (int)response.StatusCode;
    }

    // With something new each time, so that no call depends on what another did to it.
    private static async Task<HttpResponseMessage> SendAsync(ApiSystem system, ApiCaller caller, ApiOperation operation, ApiCaller owner, bool exists)
    {
        var isOrder = operation.Path.StartsWith("/orders", StringComparison.Ordinal);
        var target = !exists || !operation.TakesId ? null : isOrder ? await owner.PlaceConfirmedAsync() : owner.Id;
        JsonObject? body = null;
        switch (operation.Id)
        {
            case "register":
                body = system.Anonymous().Registration();
                break;
            case "login":
                body = new JsonObject { ["email"] = owner.Email, ["password"] = ApiCaller.Password };
                break;
            case "refresh" or "logout":
                await owner.SignInAsync(owner.Email, ApiCaller.Password);
                body = new JsonObject { ["refreshToken"] = owner.RefreshToken };
                break;
            case "setRole":
                body = new JsonObject { ["role"] = "customer" };
                break;
            case "deactivateUser" when exists && caller != owner:
                target = (await system.CustomerAsync()).Id;
                break;
            case "retryOrder" when exists:
                await system.FailAsync(target!);
                break;
        }

        return await caller.SendAsync(operation.Id, target, body, headers: [.. operation.Id == "updateUser" ? [("If-Match", "*")] : ((string, string)[])[]]);
    }

    private static IEnumerable<string> Rows(Dictionary<string, int[]> table) =>
        table.OrderBy(static row => row.Key, StringComparer.Ordinal).Select(static row => $"{row.Key}: {string.Join(' ', row.Value)}");

    private static async Task<string> WithoutTraceAsync(HttpResponseMessage response)
    {
        var problem = await ApiCaller.ReadAsync(response);
        problem.Remove("traceId");
        return problem.ToJsonString();
    }
}
