using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Attestation.Attestors.Systemd;

/// <summary>The name of a unit, such as <c>web@blue.service</c>. systemd.unit(5).</summary>
/// <param name="Text">The whole name.</param>
/// <param name="Kind">What is behind the last dot: <c>service</c>, <c>scope</c>, ….</param>
/// <param name="Template">The template it was made from, <c>web@.service</c>; null when it was made from none.</param>
/// <param name="Instance">What tells it from the others of its template, <c>blue</c>, as in the name: escapes such as <c>\x2d</c> are left as they are, so that no two instances
/// become one. This is what <c>%i</c> stands for, not <c>%I</c>.</param>
internal sealed record UnitName(string Text, string Kind, string? Template, string? Instance)
{
    /// <summary>Longest name: systemd.unit(5) allows 255 characters with the suffix.</summary>
    private const int MaxLength = 255;

    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.\\-@");

    /// <summary>Reads a name; false for what systemd would not call a unit.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out UnitName? name)
    {
        name = null;
        int dot = text.LastIndexOf('.');
        if (text.Length > MaxLength || dot <= 0 || text.AsSpan().ContainsAnyExcept(Characters)) return false;
        string kind = text[(dot + 1)..];
        if (kind is not ("service" or "scope" or "slice" or "socket" or "mount" or "swap")) return false; // Others have no processes.
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            name = new UnitName(text, kind, null, null);
            return true;
        }

        if (at == 0 || at + 1 >= dot) return false; // No prefix, or a template itself, which never runs.
        name = new UnitName(text, kind, string.Concat(text.AsSpan(0, at + 1), text.AsSpan(dot)), text[(at + 1)..dot]);
        return true;
    }

    public override string ToString() => Text;
}
