using System.Globalization;

namespace HighAvail.UserService.Feed;

/// <summary>The query string of a reader, as it came.</summary>
internal sealed record ChangesQuery(string? After, string? Wait, string? Limit)
{
    private const int MaxWaitSeconds = 20;
    private const int DefaultLimit = 500;
    private const int MaxLimit = 1_000;

    public Dictionary<string, string[]> Validate(out ChangeCursor? after, out TimeSpan wait, out int limit)
    {
        var errors = new Dictionary<string, string[]>();
        after = null;
        if (After is not null)
        {
            if (ChangeCursor.TryParse(After, out var cursor))
            {
                after = cursor;
            }
            else
            {
                errors["after"] = ["The value of 'next' from an earlier answer is required."];
            }
        }

        var seconds = 0;
        if (Wait is not null && !(TryParse(Wait, out seconds) && seconds <= MaxWaitSeconds))
        {
            errors["wait"] = [$"A number of seconds from 0 to {MaxWaitSeconds} is required."];
        }

        limit = DefaultLimit;
        if (Limit is not null && !(TryParse(Limit, out limit) && limit is >= 1 and <= MaxLimit))
        {
            errors["limit"] = [$"A number from 1 to {MaxLimit} is required."];
        }

        wait = TimeSpan.FromSeconds(seconds);
        return errors;
    }

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
