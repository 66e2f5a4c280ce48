using HighAvail.ServiceDefaults.OpenApi;
using HighAvail.UserService.Access;
using HighAvail.UserService.Keys;
using HighAvail.UserService.Users;

namespace HighAvail.UserService;

/// <summary>What the public is told of this service.</summary>
internal static class UserServiceApi
{
    /// <summary>The name of the document.</summary>
    public const string Name = "users";

    public const string AccessTag = "Access";
    public const string UsersTag = "Users";

    public static ApiDescription Describe() => new(
        "Users",
        """
        Registration, sign-in, tokens and profiles.

        **To try it here**: send `POST /auth/register` with an e-mail address of your own, then `POST /auth/login`. This page keeps the token that is answered
        to a sign-in or a refresh, and sends it with whatever you ask from then on, also of the Order service.

        Every error is a problem document (`application/problem+json`, RFC 9457). Whatever changes something takes an `Idempotency-Key`: repeated with the same
        one it is done once. Sent without, it gets one from the gateway.
        """)
    {
        Tags =
        [
            new() { Name = AccessTag, Description = "Becoming somebody: registration, sign-in, and the keys by which tokens are verified." },
            new() { Name = UsersTag, Description = "Profiles, one's own, and for administrators everybody's." },
        ],
        Operations = [.. AccessApiDescriptions.Operations, .. KeysApiDescriptions.Operations, .. UsersApiDescriptions.Operations],
        Schemas = [.. AccessApiDescriptions.Schemas, .. KeysApiDescriptions.Schemas, .. UsersApiDescriptions.Schemas],
    };
}
