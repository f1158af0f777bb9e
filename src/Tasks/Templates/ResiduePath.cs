using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Spiffe.Agent.Tasks.Templates;

/// <summary>A path with places for what differs from task to task: <c>{task}</c>, <c>{template}</c>, <c>{uid}</c>. What is put in is a single segment or a part of one, and never <c>..</c>.</summary>
public sealed record ResiduePath
{
    private const int MaxLength = 4096; // PATH_MAX of limits.h.

    /// <summary>Trees without files: what is read there is made by the kernel.</summary>
    private static readonly string[] OfKernel = ["/proc", "/sys"];

    private ResiduePath(string text) => Text = text;

    /// <summary>As it is written.</summary>
    public string Text { get; }

    /// <param name="text">What is written.</param>
    /// <param name="path">The path, or null.</param>
    /// <param name="fault">What is wrong with it, for people, or empty.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ResiduePath? path, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        path = null;
        fault = FaultOf(text);
        if (fault.Length > 0) return false;
        path = new ResiduePath(text);
        return true;
    }

    /// <summary>The path for one task. Null: it needs the user, and that is not known.</summary>
    public string? For(TaskId task, string template, uint? userId)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (userId is null && Text.Contains("{uid}", StringComparison.Ordinal)) return null;
        return Text.Replace("{task}", task.ToString(), StringComparison.Ordinal).Replace("{template}", template, StringComparison.Ordinal)
            .Replace("{uid}", userId?.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    public override string ToString() => Text;

    private static string FaultOf(string text)
    {
        if (text.Length is 0 or > MaxLength || text[0] != '/' || text.AsSpan().ContainsAnyInRange('\0', '\x1f')) return "is not an absolute path";
        if (text.Length == 1) return "is the whole machine";
        if (Array.Exists(OfKernel, tree => text == tree || text.StartsWith(tree + "/", StringComparison.Ordinal))) return "holds no files: the kernel makes what is read there";
        string known = text.Replace("{task}", "t", StringComparison.Ordinal).Replace("{template}", "t", StringComparison.Ordinal).Replace("{uid}", "0", StringComparison.Ordinal);
        if (known.AsSpan().ContainsAny('{', '}')) return "names a place that is not known";
        foreach (string segment in known[1..].Split('/'))
        {
            if (segment is "" or "." or "..") return "has an empty segment, or '.' or '..' for one";
        }

        return "";
    }
}
