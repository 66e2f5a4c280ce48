using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.AppHost;

/// <summary>Whoever starts the system can administer it.</summary>
[Collection(nameof(RunningSystem))]
public sealed class AdministratorTests(RunningSystem system)
{
    [Fact]
    public async Task SignIn_WithTheParametersOfTheAppHost_IsAnAdministrator()
    {
        using var client = system.CreateClient();
        var credentials = new { email = await ParameterAsync("admin-email"), password = await ParameterAsync("admin-password") };

        using var login = await Requests.PostAsync(client, "/auth/login", credentials, Patience.Token);

        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        var token = (string)(await login.Content.ReadFromJsonAsync<JsonObject>(Patience.Token))!["accessToken"]!;
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var users = await client.GetAsync("/users?limit=1", Patience.Token);
        Assert.Equal(HttpStatusCode.OK, users.StatusCode);
    }

    private async Task<string?> ParameterAsync(string name) =>
        await system.App.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<ParameterResource>()
            .Single(parameter => parameter.Name == name).GetValueAsync(Patience.Token);
}
