using System.Text;
using System.Text.RegularExpressions;

namespace Spiffe.Agent.Residue.Places;

/// <summary>Where the kernel puts the memory of a process that dies. core(5).</summary>
internal sealed record CorePattern
{
    /// <summary>The program that gets it instead; empty: a file is written.</summary>
    public string Program { get; private init; } = "";

    /// <summary>Where the file is written: absolute; empty: where the process worked.</summary>
    public string Directory { get; private init; } = "";

    /// <summary>What its name looks like; null: the directory's name depends on the process, so nobody knows.</summary>
    public Regex? Name { get; private init; }

    public bool IsSystemd => Path.GetFileName(Program) == "systemd-coredump";

    /// <param name="text">What <c>kernel.core_pattern</c> says.</param>
    public static CorePattern Parse(string text)
    {
        text = text.TrimEnd('\n');
        if (text.StartsWith('|')) return new CorePattern { Program = text[1..].TrimStart().Split(' ')[0] };
        string directory = Path.GetDirectoryName(text) ?? "";
        return directory.Contains('%', StringComparison.Ordinal) ? new CorePattern() : new CorePattern { Directory = directory, Name = NameOf(Path.GetFileName(text)) };
    }

    /// <summary>Each specifier is anything; and where <c>kernel.core_uses_pid</c> is set, the pid stands behind it.</summary>
    private static Regex NameOf(string pattern)
    {
        StringBuilder name = new("\\A");
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%') name.Append(Regex.Escape(pattern[i..(i + 1)]));
            else if (++i < pattern.Length) name.Append(pattern[i] == '%' ? "%" : ".*");
        }

        return new Regex(name.Append("(\\.[0-9]+)?\\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }
}
