namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The rules for names of resources and endpoints: those of Aspire, so that a model runs on both.</summary>
internal static class ModelName
{
    internal const int MaxLength = 64;

    /// <exception cref="ArgumentException">The name breaks a rule; the message says which.</exception>
    internal static void ValidateName(string target, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        ArgumentNullException.ThrowIfNull(name);

        if (Problem(name) is { } problem)
        {
            throw new ArgumentException($"{target} name '{name}' is invalid. {problem}", nameof(name));
        }
    }

    private static string? Problem(string name)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return $"Name must be between 1 and {MaxLength} characters long.";
        }

        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            return "Name must contain only ASCII letters, digits, and hyphens.";
        }

        if (!char.IsAsciiLetter(name[0]))
        {
            return "Name must start with an ASCII letter.";
        }

        if (name.Contains("--", StringComparison.Ordinal))
        {
            return "Name cannot contain consecutive hyphens.";
        }

        return name[^1] == '-' ? "Name cannot end with a hyphen." : null;
    }
}
