using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.OpenApi;
using HighAvail.UserService.Access;
using Microsoft.OpenApi;
using static HighAvail.ServiceDefaults.OpenApi.AnswerDescription;

namespace HighAvail.UserService.Users;

/// <summary>Words for <see cref="UsersApi"/>.</summary>
internal static class UsersApiDescriptions
{
    private const string Stale = "The user was changed meanwhile. Read it again.";

    private static OpenApiParameter Id => Parameters.Id("The id of the user.");

    /// <summary>The user of all examples.</summary>
    public static User Ada { get; } = new(
        Guid.Parse("01a20ce0-b51f-74fe-a41e-f58877efe8b2"),
        "ada@example.com",
        "Ada",
        AccessClaims.CustomerRole,
        new DateTime(2026, 11, 24, 9, 26, 22, 815, DateTimeKind.Utc),
        new DateTime(2026, 11, 24, 9, 26, 22, 815, DateTimeKind.Utc),
        Version: 1);

    public static IReadOnlyList<OperationDescription> Operations =>
    [
        new("GET /users/me", "getMe", UserServiceApi.UsersTag, "One's own profile", "Read anew each time: a change is seen at once, whichever replica answers.")
        {
            Parameters = [Parameters.IfNoneMatch],
            Answers = [Entity("The profile.", Ada), NotModified, NotFound("user")],
        },
        new(
            "GET /users/{id}",
            "getUser",
            UserServiceApi.UsersTag,
            "A profile",
            "Customers see their own. Administrators see everybody's; what they see of others may be a second old.")
        {
            Parameters = [Id, Parameters.IfNoneMatch],
            Answers = [Entity("The profile.", Ada), NotModified, NotFound("user")],
        },
        new(
            "PATCH /users/{id}",
            "updateUser",
            UserServiceApi.UsersTag,
            "Changes a profile",
            "One's own, or for administrators anybody's. Nobody overwrites what they have not seen: `If-Match` names the version that is changed.")
        {
            Example = new UpdateUserRequest("Ada Lovelace"),
            Parameters = [Id, Parameters.IfMatch(isRequired: true)],
            Answers =
            [
                Entity("The profile as it is now.", Ada with { DisplayName = "Ada Lovelace", UpdatedAt = Ada.UpdatedAt.AddMinutes(5), Version = 2 }),
                Invalid("displayName", DisplayName.Requirement),
                NotFound("user"),
                AnswerDescription.Stale(Stale),
                Error(StatusCodes.Status428PreconditionRequired, "If-Match with the ETag of the user is required.", "`If-Match` is missing."),
            ],
        },
        new(
            "DELETE /users/{id}",
            "deactivateUser",
            UserServiceApi.UsersTag,
            "Deactivates an account",
            """
            One's own, or for administrators anybody's. Nobody signs in or refreshes with it any more, and its pending orders are rejected. Access tokens that were
            issued before are valid until they end, within five minutes.
            """)
        {
            Parameters = [Id],
            Answers = [NoContent("Deactivated."), NotFound("user")],
        },
        new("GET /users", "listUsers", UserServiceApi.UsersTag, "Lists users", "For administrators: those who are active, newest first, page by page.")
        {
            Parameters =
            [
                Parameters.Limit,
                Parameters.After,
                Parameters.Query("email", "Only the one with this e-mail address. Case does not matter.", Email()),
            ],
            Answers =
            [
                new(StatusCodes.Status200OK, "A page.") { Example = new UserPage([Ada], Next: null) },
                Invalid("limit", "A number from 1 to 200 is required."),
            ],
        },
        new(
            "PUT /users/{id}/role",
            "setRole",
            UserServiceApi.UsersTag,
            "Makes somebody an administrator, or a customer",
            "For administrators. It is in tokens that are issued from then on: at the latest after five minutes, with the next refresh.")
        {
            Example = new SetRoleRequest(AccessClaims.AdminRole),
            Parameters = [Id],
            Answers =
            [
                NoContent("Set."),
                Invalid("role", $"A role is required: {AccessClaims.CustomerRole} or {AccessClaims.AdminRole}."),
                NotFound("user"),
            ],
        },
    ];

    public static IReadOnlyList<SchemaDescription> Schemas =>
    [
        new(typeof(User), "A user.")
        {
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["id"] = Values.Id().Meaning("The id."),
                ["email"] = Email(),
                ["displayName"] = Name(),
                ["role"] = Role(),
                ["createdAt"] = Values.Time().Meaning("When they registered, UTC."),
                ["updatedAt"] = Values.Time().Meaning("When it was changed last, UTC."),
                ["version"] = Values.Number(1, long.MaxValue, "int64").Meaning("The version: the number in `ETag`."),
            },
        },
        new(typeof(UserPage), "A page of users.")
        {
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["items"] = new() { Type = JsonSchemaType.Array, MaxItems = 200, Description = "The users, newest first." },
                ["next"] = Values.Next(),
            },
        },
        new(typeof(UpdateUserRequest), "What is changed.")
        {
            IsRequest = true,
            Members = new Dictionary<string, OpenApiSchema> { ["displayName"] = Name() },
        },
        new(typeof(SetRoleRequest), "The role.")
        {
            IsRequest = true,
            Members = new Dictionary<string, OpenApiSchema> { ["role"] = Role() },
        },
    ];

    public static OpenApiSchema Email() =>
        Values.Text(EmailAddress.MaxLength, 5, format: "email").Meaning("The e-mail address, ASCII only. Two that differ by case are one.");

    public static OpenApiSchema Name() =>
        Values.Text(DisplayName.MaxLength, 1).Meaning("The name that others see, without control characters.");

    private static OpenApiSchema Role() =>
        Values.Word(AccessClaims.CustomerRole, AccessClaims.AdminRole).Meaning("What they may do.");
}
