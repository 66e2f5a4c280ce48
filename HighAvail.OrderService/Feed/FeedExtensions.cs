using HighAvail.ServiceDefaults.Access;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Feed;

internal static class FeedExtensions
{
    public static void AddUserFeed(this IHostApplicationBuilder builder)
    {
        builder.AddServiceKey();
        var client = builder.Services.AddHttpClient(FeedClient.Name, static http =>
        {
            http.BaseAddress = new("https+http://users");
            // FeedClient limits each question itself: it knows how long the answer may be held.
            http.Timeout = Timeout.InfiniteTimeSpan;
        });
        client.AddServiceKey().RemoveAllLoggers();
#pragma warning disable EXTEXP0001 // The one way to have a client without the resilience handler: its time-outs end every long poll, and the follower repeats.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        builder.Services.AddSingleton<FeedClient>();
        builder.Services.AddSingleton<FeedStore>();
        builder.Services.AddSingleton<FeedLag>();
        builder.Services.AddSingleton<UserFeed>();
        builder.Services.AddHostedService<UserFollower>();
        builder.Services.AddSingleton<IValidateOptions<FeedOptions>, FeedOptionsValidator>();
        builder.Services.AddOptions<FeedOptions>().BindConfiguration("Feed").ValidateOnStart();
    }
}
