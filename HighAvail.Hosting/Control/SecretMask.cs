using System.Collections.Concurrent;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Dashboard;

namespace HighAvail.Hosting.Control;

/// <summary>Makes the values of secret parameters and of the dashboard's secrets unreadable, alone or inside of connection strings.</summary>
internal sealed class SecretMask(DistributedApplicationModel model, ResourceNotificationService notifications, DashboardAccess dashboard)
{
    internal const string Mask = "******";

    private readonly ConcurrentDictionary<ParameterResource, string[]> _values = new();

    /// <summary>The text without secrets.</summary>
    internal string Apply(string text)
    {
        foreach (var secret in Secrets())
        {
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        }

        return text;
    }

    // Longest first: a secret can be part of another one.
    private IEnumerable<string> Secrets() => model.Resources.OfType<ParameterResource>()
        .Where(p => p.Secret)
        .SelectMany(Values)
        .Concat([dashboard.BrowserToken, dashboard.OtlpApiKey])
        .OrderByDescending(v => v.Length);

    private string[] Values(ParameterResource parameter)
    {
        if (_values.TryGetValue(parameter, out var known))
        {
            return known;
        }

        // Before this it may be missing, and asking would make one.
        return notifications.TryGetCurrentState(parameter.Name, out var state) && state.Snapshot.State?.Text == KnownResourceStates.Running
            ? _values.GetOrAdd(parameter, Forms)
            : [];
    }

    private static string[] Forms(ParameterResource parameter)
    {
        // At hand since the parameter's state was published.
        var value = parameter.GetValueAsync().AsTask() is { IsCompletedSuccessfully: true } task ? task.Result : null;
        return string.IsNullOrEmpty(value) ? [] : [.. new[] { value, Uri.EscapeDataString(value) }.Distinct()];
    }
}
