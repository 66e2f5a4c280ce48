using HighAvail.ServiceDefaults.Access;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Feed;

internal static class FeedExtensions
{
    public static void AddFeed(this IHostApplicationBuilder builder)
    {
        builder.AddServiceKey();
        builder.Services.AddSingleton<ChangeFeed>();
        builder.Services.AddSingleton<IValidateOptions<FeedOptions>, FeedOptionsValidator>();
        builder.Services.AddOptions<FeedOptions>().BindConfiguration("Feed").ValidateOnStart();
    }
}
