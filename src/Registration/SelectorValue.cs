using System.Buffers;

namespace Spiffe.Agent.Registration;

/// <summary>Whether a selector's value has its kind's form.</summary>
internal static class SelectorValue
{
    /// <summary>Digits of 2³², the first uid that there is not.</summary>
    private const int MaxNumberLength = 10;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>What is wrong with the value, or null.</summary>
    /// <param name="kind">The kind, for the remedy.</param>
    /// <param name="form">The form that its values have.</param>
    /// <param name="value">What was written behind the kind.</param>
    public static (string Problem, string Remedy)? Judge(SelectorKind kind, SelectorForm form, ReadOnlySpan<char> value) => form switch
    {
        SelectorForm.PlaceholderOnly => ("is of use to one process that will end, and its number will be given to another", $"use {{{kind}}} in an id, never as a selector"),
        SelectorForm.Number when !IsNumber(value) => ("never holds: its value is no number", $"write digits without leading zeros, such as {kind}:1001"),
        SelectorForm.Path when value[0] != '/' => ("never holds: its value is no absolute path", $"write {kind}:/usr/bin/name"),
        SelectorForm.Sha256 when !IsHex(value, 64) => ("never holds: its value is no SHA-256", "write 64 digits of [0-9a-f], as sha256sum prints them"),
        SelectorForm.Id128 when !IsHex(value, 32) => ("never holds: its value is no 128-bit id", "write 32 digits of [0-9a-f], as systemctl show prints them"),
        SelectorForm.Pair when value.IndexOf(':') < 1 => ("never holds: its value has no name and colon in front", $"write {kind}:name:value"),
        SelectorForm.Assignment when value.IndexOf('=') < 1 => ("never holds: its value has no name and equals sign in front", $"write {kind}:NAME=value"),
        SelectorForm.Template when !IsTemplate(value) => ("never holds: its value is no template unit", $"write {kind}:name@.service, with nothing behind the @"),
        SelectorForm.UserUnit when !IsUserUnit(value) => ("never holds: its value is no user and unit", $"write {kind}:1001:name.service: the user's number, then the unit"),
        SelectorForm.ContainerType when value is not ("regular" or "init" or "ephemeral") => ("never holds: there is no such type of container", "write regular, init or ephemeral"),
        _ => null,
    };

    /// <summary>Digits without leading zeros.</summary>
    public static bool IsNumber(ReadOnlySpan<char> value) =>
        value.Length is > 0 and <= MaxNumberLength && !value.ContainsAnyExceptInRange('0', '9') && (value.Length == 1 || value[0] != '0');

    private static bool IsHex(ReadOnlySpan<char> value, int length) => value.Length == length && !value.ContainsAnyExcept(HexDigits);

    private static bool IsTemplate(ReadOnlySpan<char> value)
    {
        int at = value.IndexOf('@');
        return at > 0 && value[(at + 1)..].StartsWith('.');
    }

    private static bool IsUserUnit(ReadOnlySpan<char> value)
    {
        int colon = value.IndexOf(':');
        return colon > 0 && colon < value.Length - 1 && IsNumber(value[..colon]);
    }
}
