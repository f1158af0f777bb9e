using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Spiffe.Agent.Configuration.Values;

/// <summary>Puts the environment into a value: <c>${NAME}</c> becomes what NAME holds, <c>$$</c> a dollar. What came in is not looked at again.</summary>
internal static class EnvironmentText
{
    /// <summary>Longest value after expansion, in characters. Ours.</summary>
    public const int MaxLength = 65_536;

    public static bool TryExpand(
        string text, Func<string, string?>? environment, [NotNullWhen(true)] out string? expanded, [NotNullWhen(false)] out (string Problem, string Remedy)? fault)
    {
        fault = null;
        expanded = text;
        int dollar = text.IndexOf('$', StringComparison.Ordinal);
        if (dollar < 0) return true;

        StringBuilder result = new(text.Length);
        int done = 0;
        for (; dollar >= 0; dollar = text.IndexOf('$', done))
        {
            result.Append(text, done, dollar - done);
            ReadOnlySpan<char> rest = text.AsSpan(dollar);
            if (rest.StartsWith("$$", StringComparison.Ordinal))
            {
                result.Append('$');
                done = dollar + 2;
                continue;
            }

            fault = TakeName(rest, out string name);
            if (fault is null && environment is null) fault = ($"takes {name} from the environment, which is not read here", "write the value itself, and $$ for a dollar");
            if (fault is null && environment!(name) is { } value) result.Append(value);
            else fault ??= ($"takes {name} from the environment, where it is not set", $"set {name}, or write the value here");
            if (fault is null && result.Length > MaxLength) fault = ($"is longer than {MaxLength} characters with the environment put in", $"shorten {name}");
            expanded = null;
            if (fault is not null) return false;
            done = dollar + name.Length + 3;
        }

        expanded = result.Append(text, done, text.Length - done).ToString();
        return true;
    }

    private static (string Problem, string Remedy)? TakeName(ReadOnlySpan<char> text, out string name)
    {
        name = "";
        int end = text.IndexOf('}');
        if (!text.StartsWith("${", StringComparison.Ordinal) || end < 0) return ("has a dollar that begins nothing", "write $$ for a dollar, ${NAME} for a variable");
        ReadOnlySpan<char> inner = text[2..end];
        if (!IsName(inner)) return ($"names no variable in '${{{inner}}}'", "a name is letters, digits and _, and does not begin with a digit; write $$ for a dollar");
        name = inner.ToString();
        return null;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0])) return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }

        return true;
    }
}
