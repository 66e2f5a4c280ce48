namespace HighAvail.OrderService.Orders;

internal sealed record PlaceOrderRequest(string? Currency, IReadOnlyList<PlaceOrderLine?>? Lines)
{
    public const int MaxLines = 100;
    public const int MaxSkuLength = 64;
    public const int MaxQuantity = 10_000;
    public const long MaxUnitPrice = 1_000_000_000;

    /// <summary>Errors by the path of the member, such as <c>lines[0].sku</c>.</summary>
    public Dictionary<string, string[]> Validate()
    {
        var errors = new Dictionary<string, string[]>();
        if (!Currencies.Contains(Currency))
        {
            errors["currency"] = ["An active ISO 4217 currency code such as EUR is required."];
        }

        if (Lines is null || Lines.Count is 0 or > MaxLines)
        {
            errors["lines"] = [$"1 to {MaxLines} lines are required."];
            return errors;
        }

        for (var i = 0; i < Lines.Count; i++)
        {
            Validate(Lines[i], $"lines[{i}]", errors);
        }

        return errors;
    }

    /// <summary>The lines of a request that was found valid.</summary>
    public IReadOnlyList<OrderLine> ToLines() =>
        [.. Lines!.Select(line => new OrderLine(line!.Sku!, (int)line.Quantity!.Value, line.UnitPrice!.Value))];

    private static void Validate(PlaceOrderLine? line, string path, Dictionary<string, string[]> errors)
    {
        if (line is null)
        {
            errors[path] = ["A line is required."];
            return;
        }

        if (!IsSku(line.Sku))
        {
            errors[$"{path}.sku"] = [$"1 to {MaxSkuLength} of A-Z, a-z, 0-9, '.', '_' and '-' are required."];
        }

        if (line.Quantity is not (>= 1 and <= MaxQuantity))
        {
            errors[$"{path}.quantity"] = [$"A quantity of 1 to {MaxQuantity} is required."];
        }

        if (line.UnitPrice is not (>= 0 and <= MaxUnitPrice))
        {
            errors[$"{path}.unitPrice"] = [$"A price of 0 to {MaxUnitPrice} in minor units is required."];
        }
    }

    private static bool IsSku(string? sku) =>
        sku is { Length: >= 1 and <= MaxSkuLength }
        && sku.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
}
