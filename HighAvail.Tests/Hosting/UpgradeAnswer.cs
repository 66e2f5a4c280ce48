namespace HighAvail.Tests.Hosting;

/// <summary>How a request was answered while the Order service was upgraded.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Sent">When it was sent, as a timestamp.</param>
/// <param name="Answered">When the answer was there.</param>
/// <param name="IsNew">Whether it has the field that only the next release knows.</param>
/// <param name="Failure">What is wrong with it, if anything.</param>
internal sealed record UpgradeAnswer(string Request, long Sent, long Answered, bool IsNew, string? Failure);
