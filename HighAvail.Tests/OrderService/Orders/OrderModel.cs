namespace HighAvail.Tests.OrderService.Orders;

/// <summary>An order's life as the API describes it, written down a second time.</summary>
internal sealed class OrderModel(int maxAttempts)
{
    private int _attempts;
    private bool _isDeactivated;

    public string Status { get; private set; } = "pending";

    public List<string> Events { get; } = ["placed"];

    /// <summary>Whether it is done; otherwise it is refused.</summary>
    public bool Do(string action)
    {
        switch (action)
        {
            case "cancel" when Status is "pending" or "confirmed":
                Move("cancelled", "cancelled");
                return true;
            case "ship" when Status is "confirmed":
                Move("shipped", "shipped");
                return true;
            case "retry" when Status is "failed":
                _attempts = 0;
                Move("pending", "retried");
                return true;
            default:
                return false;
        }
    }

    public void Process()
    {
        if (Status == "pending")
        {
            var outcome = _attempts >= maxAttempts ? "failed" : _isDeactivated ? "rejected" : "confirmed";
            Move(outcome, outcome);
        }
    }

    public void KillWorker() => _attempts += Status == "pending" ? 1 : 0;

    public void DeactivateCustomer() => _isDeactivated = true;

    private void Move(string status, string eventType)
    {
        Status = status;
        Events.Add(eventType);
    }
}
