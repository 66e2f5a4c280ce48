using HighAvail.ServiceDefaults.Paging;

namespace HighAvail.OrderService.Orders;

/// <summary>The query string of a list, as it came: what is wrong in it is told by field.</summary>
internal sealed record ListOrdersQuery(string? Status, string? Limit, string? After, string? CustomerId = null, string? All = null)
{
    /// <summary>
    /// Errors by parameter; without any, at most <paramref name="limit"/> orders older than <paramref name="before"/> are asked for:
    /// the caller's own, or those of <paramref name="customer"/>, or everybody's.
    /// </summary>
    public Dictionary<string, string[]> Validate(out int limit, out Guid before, out Guid? customer, out bool all)
    {
        var errors = new Dictionary<string, string[]>();
        if (Status is not null && !OrderStatus.IsKnown(Status))
        {
            errors["status"] = ["A status such as pending or confirmed is required."];
        }

        new PageQuery(Limit, After).Validate(errors, out limit, out before);

        customer = null;
        if (CustomerId is not null)
        {
            customer = Guid.TryParseExact(CustomerId, "D", out var id) ? id : null;
            if (customer is null)
            {
                errors["customerId"] = ["The id of a customer is required."];
            }
        }

        all = All == "true";
        if (All is not (null or "true" or "false") || (all && CustomerId is not null))
        {
            errors["all"] = ["'true' or 'false' is required, and not together with customerId."];
        }

        return errors;
    }
}
