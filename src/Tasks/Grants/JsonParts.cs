using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>The parts that grants are read from, each with one reading only. Keeps the first fault.</summary>
internal sealed class JsonParts
{
    private const int MaxDigits = 15;
    private const int MaxPlaces = 6;

    public GrantFault? Fault { get; private set; }

    public bool Fail(GrantRule rule, string path, string message)
    {
        Fault ??= new GrantFault(rule, path, message);
        return false;
    }

    /// <summary>The members of an object, each known and there once; all names where <paramref name="known"/> is null.</summary>
    public bool TryObject(JsonElement element, string path, ImmutableHashSet<string>? known, [NotNullWhen(true)] out Dictionary<string, JsonElement>? members)
    {
        members = null;
        if (element.ValueKind != JsonValueKind.Object) return Fail(GrantRule.WrongType, path, "an object is expected");
        Dictionary<string, JsonElement> read = new(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!TryNameOf(member, path, out string? name)) return false;
            if (known?.Contains(name) == false) return Fail(GrantRule.Unknown, $"{path}.{Shown(name)}", "this member is not known, and what is not known cannot be enforced");
            if (!read.TryAdd(name, member.Value)) return Fail(GrantRule.Duplicate, $"{path}.{Shown(name)}", "this member is there twice");
        }

        members = read;
        return true;
    }

    public bool TryRequired(Dictionary<string, JsonElement> members, string name, string path, out JsonElement value) =>
        members.TryGetValue(name, out value) || Fail(GrantRule.Missing, $"{path}.{name}", "this member is missing");

    public bool TryList(JsonElement element, string path, Func<JsonElement, string, bool> read)
    {
        if (element.ValueKind != JsonValueKind.Array) return Fail(GrantRule.WrongType, path, "an array is expected");
        if (element.GetArrayLength() > GrantLimits.MaxItems) return Fail(GrantRule.TooLarge, path, $"there are at most {GrantLimits.MaxItems} entries");
        int at = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (!read(item, $"{path}[{at++}]")) return false;
        }

        return true;
    }

    public bool TryString(JsonElement element, string path, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (element.ValueKind != JsonValueKind.String) return Fail(GrantRule.WrongType, path, "a text is expected");
        try
        {
            text = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return Fail(GrantRule.Text, path, "this text is not valid Unicode");
        }
    }

    public bool TryTerm(JsonElement element, string path, [NotNullWhen(true)] out string? term) =>
        TryString(element, path, out term)
        && (GrantText.IsTerm(term) || Fail(GrantRule.Text, path, $"a name has 1 to {GrantLimits.MaxTermLength} printable ASCII characters and no spaces"));

    public bool TryValue(JsonElement element, string path, [NotNullWhen(true)] out string? value) =>
        TryString(element, path, out value)
        && (GrantText.IsValue(value) || Fail(GrantRule.Text, path, $"a value has 1 to {GrantLimits.MaxTermLength} visible characters"));

    public bool TryInteger(JsonElement element, string path, long min, long max, out long value)
    {
        value = 0;
        if (!TryNumber(element, path, out decimal number)) return false;
        if (number != decimal.Truncate(number) || number < min || number > max) return Fail(GrantRule.Number, path, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max} is expected"));
        value = (long)number;
        return true;
    }

    /// <summary>A number that a decimal, a double and a reader of the text take for the same one.</summary>
    public bool TryNumber(JsonElement element, string path, out decimal number)
    {
        number = 0;
        if (element.ValueKind != JsonValueKind.Number) return Fail(GrantRule.WrongType, path, "a number is expected");
        return TryExact(element.GetRawText(), out number) || Fail(GrantRule.Number, path, $"a number has at most {MaxDigits} digits, {MaxPlaces} of them behind the point, and no exponent");
    }

    /// <summary>Reads such a number; false where it has an exponent or more digits.</summary>
    internal static bool TryExact(string raw, out decimal number)
    {
        number = 0;
        ReadOnlySpan<char> digits = raw.AsSpan().TrimStart('-');
        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = (point < 0 ? digits : digits[..point]).TrimStart('0'), places = point < 0 ? [] : digits[(point + 1)..].TrimEnd('0');
        if (whole.Length + places.Length > MaxDigits || places.Length > MaxPlaces || raw.AsSpan().ContainsAny('e', 'E')) return false;
        return decimal.TryParse(raw, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    // A path is shown to people and logged: a hostile name is cut and its odd characters replaced.
    private static string Shown(string name)
    {
        StringBuilder shown = new();
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, 40))) shown.Append(c is > ' ' and <= '~' ? c : '?');
        return shown.ToString();
    }

    private bool TryNameOf(JsonProperty member, string path, [NotNullWhen(true)] out string? name)
    {
        name = null;
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            return Fail(GrantRule.Text, path, "a member's name is not valid Unicode");
        }
    }
}
