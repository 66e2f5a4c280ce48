using System.Security.Cryptography;
using HighAvail.Hosting.Publishing;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Where a parameter's value comes from when configuration has none.</summary>
public abstract class ParameterDefault
{
    /// <summary>The default value.</summary>
    /// <returns>The value.</returns>
    public abstract string GetDefaultValue();

    /// <summary>Writes where the value comes from to a manifest, as members of the object <c>default</c>.</summary>
    /// <param name="context">The manifest.</param>
    public abstract void WriteToManifest(ManifestPublishingContext context);
}

/// <summary>A random value, made of the asked-for kinds of characters.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerChars = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperChars = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericChars = "0123456789";
    private const string SpecialChars = "-_.{}~()*+!";

    /// <summary>The least number of characters.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Lower-case letters.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Upper-case letters.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Digits.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Punctuation that needs no escaping in most places.</summary>
    public bool Special { get; set; } = true;

    /// <summary>The least number of lower-case letters.</summary>
    public int MinLower { get; set; }

    /// <summary>The least number of upper-case letters.</summary>
    public int MinUpper { get; set; }

    /// <summary>The least number of digits.</summary>
    public int MinNumeric { get; set; }

    /// <summary>The least number of special characters.</summary>
    public int MinSpecial { get; set; }

    /// <summary>A new random value at each call.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">No kind of character is allowed, or a minimum is asked of a kind that is not.</exception>
    public override string GetDefaultValue()
    {
        (bool Allowed, int Minimum, string Characters)[] kinds =
        [
            (Lower, MinLower, LowerChars), (Upper, MinUpper, UpperChars), (Numeric, MinNumeric, NumericChars), (Special, MinSpecial, SpecialChars),
        ];
        if (Array.Exists(kinds, k => !k.Allowed && k.Minimum > 0) || !Array.Exists(kinds, k => k.Allowed))
        {
            throw new InvalidOperationException("A generated parameter needs at least one kind of characters, and no minimum of a kind that it leaves out.");
        }

        var all = string.Concat(kinds.Where(k => k.Allowed).Select(k => k.Characters));
        var characters = kinds.SelectMany(k => RandomNumberGenerator.GetItems<char>(k.Characters, k.Minimum)).ToList();
        characters.AddRange(RandomNumberGenerator.GetItems<char>(all, Math.Max(0, MinLength - characters.Count)));
        var result = characters.ToArray();
        RandomNumberGenerator.Shuffle<char>(result);
        return new string(result);
    }
    /// <summary>Writes the rules by which the deployment tool makes a value; what is usual is left out.</summary>
    /// <param name="context">The manifest.</param>
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var writer = context.Writer;
        writer.WriteStartObject("generate");
        writer.WriteNumber("minLength", MinLength);
        foreach (var (kind, allowed) in ((string, bool)[])[("lower", Lower), ("upper", Upper), ("numeric", Numeric), ("special", Special)])
        {
            if (!allowed)
            {
                writer.WriteBoolean(kind, false);
            }
        }

        foreach (var (kind, minimum) in
            ((string, int)[])[("minLower", MinLower), ("minUpper", MinUpper), ("minNumeric", MinNumeric), ("minSpecial", MinSpecial)])
        {
            if (minimum != 0)
            {
                writer.WriteNumber(kind, minimum);
            }
        }

        writer.WriteEndObject();
    }
}
