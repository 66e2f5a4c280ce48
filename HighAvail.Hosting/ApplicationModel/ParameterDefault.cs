using System.Security.Cryptography;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Where a parameter's value comes from when configuration has none.</summary>
public abstract class ParameterDefault
{
    /// <summary>The default value.</summary>
    /// <returns>The value.</returns>
    public abstract string GetDefaultValue();
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
}
