namespace HighAvail.Hosting.ApplicationModel;

/// <summary>What else there is to say about a command.</summary>
public class CommandOptions
{
    /// <summary>What it does.</summary>
    public string? Description { get; set; }

    /// <summary>Something that the command is done with.</summary>
    public object? Parameter { get; set; }

    /// <summary>What to ask before.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>The icon's name among the Fluent UI system icons.</summary>
    public string? IconName { get; set; }

    /// <summary>How the icon is drawn.</summary>
    public IconVariant? IconVariant { get; set; }

    /// <summary>Whether it is among the first that people see.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Says, of the resource's current snapshot, whether it can be done now; always unless set.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}
