using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.EndToEnd;
using HighAvail.Tests.OrderService;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.Api;

/// <summary>The API of a running system, through its gateway, and those who use it.</summary>
internal sealed class ApiSystem(RunningSystem system, ApiCatalogue catalogue)
{
    public AnswerCheck Check { get; } = new(catalogue);

    public ApiCatalogue Catalogue => catalogue;

    public static async Task<ApiSystem> OpenAsync(RunningSystem system)
    {
        using var client = system.CreateClient();
        return new ApiSystem(system, await ApiCatalogue.ReadAsync(client, Patience.Token));
    }

    public ApiCaller Anonymous() => new(catalogue, Check, system.CreateClient());

    public Task<ApiCaller> CustomerAsync() => Anonymous().RegisterAsync();

    public async Task<ApiCaller> AdministratorAsync() =>
        await Anonymous().SignInAsync(await ParameterAsync("admin-email"), await ParameterAsync("admin-password"));

    /// <summary>Makes an order one that processing has given up.</summary>
    public async Task FailAsync(string order)
    {
        await using var database = OrderDatabase.Open((await system.App.GetConnectionStringAsync("ordersdb", Patience.Token))!);
        await database.ExecuteAsync(
            $"UPDATE orders SET status = 'failed', reason = 'broken', version = version + 1 WHERE id = '{Guid.Parse(order)}'", Patience.Token);
    }

    private async Task<string> ParameterAsync(string name) =>
        (await system.App.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .OfType<ParameterResource>().Single(parameter => parameter.Name == name).GetValueAsync(Patience.Token))!;
}
