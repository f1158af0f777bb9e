using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>Reads what <c>strace -f -xx -yy</c> wrote: every text in hexadecimal, a line for a call, or two when another thread came in between.</summary>
internal static partial class TraceReader
{
    private const string Unfinished = " <unfinished ...>";

    /// <summary>The calls, in the order in which they began.</summary>
    /// <exception cref="FormatException">A line is none of strace's: something would be overlooked.</exception>
    public static IReadOnlyList<TracedCall> Read(IEnumerable<string> lines)
    {
        List<string?> whole = [];
        List<int> threads = [];
        Dictionary<int, int> open = [];
        foreach (string line in lines)
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            int thread = int.Parse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture);
            string rest = line[space..].TrimStart();
            if (rest.StartsWith("+++", StringComparison.Ordinal) || rest.StartsWith("---", StringComparison.Ordinal)) continue;
            if (rest.StartsWith("<... ", StringComparison.Ordinal))
            {
                if (open.Remove(thread, out int begun)) whole[begun] += rest[(rest.IndexOf("resumed>", StringComparison.Ordinal) + "resumed>".Length)..];
                continue;
            }

            bool isUnfinished = rest.EndsWith(Unfinished, StringComparison.Ordinal);
            if (isUnfinished) open[thread] = whole.Count;
            whole.Add(isUnfinished ? rest[..^Unfinished.Length] : rest);
            threads.Add(thread);
        }

        return [.. whole.Select((text, i) => Parse(threads[i], text!))];
    }

    private static TracedCall Parse(int thread, string line)
    {
        Match name = Name().Match(line);
        if (!name.Success) throw new FormatException($"no line of strace's: {line}");
        int at = name.Length;
        string target = "";
        Match descriptor = Descriptor().Match(line, at);
        if (descriptor.Success)
        {
            target = Decode(descriptor.Groups[1].Value);
            at += descriptor.Length;
        }

        Match end = End().Match(line);
        int behind = end.Success && end.Index >= at ? end.Index : line.Length;
        List<string> texts = [];
        StringBuilder arguments = new();
        for (int i = at; i < behind;)
        {
            int quote = line.IndexOf('"', i, behind - i);
            if (quote < 0)
            {
                arguments.Append(line, i, behind - i);
                break;
            }

            arguments.Append(line, i, quote - i).Append("\"\"");
            int close = line.IndexOf('"', quote + 1, behind - quote - 1);
            if (close < 0) throw new FormatException($"a text without an end: {line}");
            texts.Add(Decode(line[(quote + 1)..close]));
            i = close + 1;
        }

        bool hasResult = end.Success && long.TryParse(end.Groups[1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        return new TracedCall(
            thread,
            name.Groups[1].Value,
            target,
            texts,
            arguments.ToString(),
            hasResult ? long.Parse(end.Groups[1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null,
            end.Success ? Decode(end.Groups[2].Value) : "");
    }

    /// <summary>What a text in hexadecimal says.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        StringBuilder bytes = new(text.Length / 4);
        for (int i = 0; i < text.Length; i++)
        {
            bool isByte = text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x';
            bytes.Append(isByte ? (char)((Nibble(text[i + 2]) << 4) | Nibble(text[i + 3])) : text[i]);
            if (isByte) i += 3;
        }

        return bytes.ToString();
    }

    private static int Nibble(char digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;

    [GeneratedRegex(@"^([a-z0-9_]+)\(", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    // 5<path>, 5<path>(deleted), 5<TCP:[…]>, 5<path<char 1:3>>. Paths are in hexadecimal, so that no mark of theirs ends them.
    [GeneratedRegex(@"\G(?:-?\d+|AT_FDCWD)<((?:[A-Z][A-Z0-9-]*:)\[[^\]]*\]|[^<>]*)(?:<[^>]*>)?>(?:\(deleted\))?", RegexOptions.CultureInvariant)]
    private static partial Regex Descriptor();

    [GeneratedRegex(@"\)\s+= (\?|-?\d+|0x[0-9a-f]+)(?:<((?:[A-Z][A-Z0-9-]*:)\[[^\]]*\]|[^<>]*)(?:<[^>]*>)?>)?[^""]*$", RegexOptions.CultureInvariant)]
    private static partial Regex End();
}
