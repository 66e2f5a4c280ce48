using System.Globalization;

namespace HighAvail.ServiceDefaults.Paging;

/// <summary>The part of a list's query string that every list has, as it came.</summary>
/// <param name="Limit">The most items of the page, 1 to 200; 50 when it is missing.</param>
/// <param name="After">The <c>next</c> of the page before.</param>
public sealed record PageQuery(string? Limit, string? After)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    /// <summary>Tells what is wrong by parameter; with nothing wrong, at most so many items older than one are asked for.</summary>
    /// <param name="errors">Gets the errors.</param>
    /// <param name="limit">The most items.</param>
    /// <param name="before">The item that the page before ended with; for the first page an id above all others.</param>
    public void Validate(IDictionary<string, string[]> errors, out int limit, out Guid before)
    {
        ArgumentNullException.ThrowIfNull(errors);
        limit = DefaultLimit;
        if (Limit is not null
            && (!int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            errors["limit"] = [$"A number from 1 to {MaxLimit} is required."];
        }

        before = Guid.AllBitsSet;
        if (After is not null && !IdCursor.TryRead(After, out before))
        {
            errors["after"] = ["The value of 'next' from an earlier page is required."];
        }
    }
}
