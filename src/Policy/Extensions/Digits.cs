namespace Spiffe.Agent.Policy.Extensions;

/// <summary>Runs of ASCII digits.</summary>
internal static class Digits
{
    /// <summary>At least one character, and all of them digits.</summary>
    public static bool AreAll(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>The number that digits of a known small count write.</summary>
    public static int Value(ReadOnlySpan<char> digits)
    {
        int value = 0;
        foreach (char c in digits) value = (value * 10) + (c - '0');
        return value;
    }
}
