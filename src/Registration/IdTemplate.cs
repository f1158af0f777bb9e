using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>
/// The identity that an entry grants: a fixed SPIFFE ID, or one whose path has placeholders such as <c>{unix:user}</c>, each a whole segment, that the
/// caller's own selectors fill. Different values always give different IDs.
/// </summary>
public sealed partial class IdTemplate : IEquatable<IdTemplate>
{
    private readonly ImmutableArray<IdSegment> _segments;
    private readonly SpiffeId? _fixed;

    private IdTemplate(TrustDomain trustDomain, string path, ImmutableArray<IdSegment> segments, SpiffeId? id)
    {
        TrustDomain = trustDomain;
        Text = string.Concat(trustDomain.Id.ToString(), path);
        _segments = segments;
        _fixed = id;
        Placeholders = [.. segments.Where(s => s.Placeholder is not null).Select(s => s.Placeholder!.Value).Distinct()];
    }

    /// <summary>The trust domain of every ID that comes from it.</summary>
    public TrustDomain TrustDomain { get; }

    /// <summary>The whole text, placeholders included, beginning with <c>spiffe://</c>.</summary>
    public string Text { get; }

    /// <summary>The kinds of selector that fill it, each once; empty when the ID is fixed.</summary>
    public ImmutableArray<SelectorKind> Placeholders { get; }

    /// <summary>The ID of a caller with these selectors.</summary>
    /// <returns>False, with the kind at fault, where a placeholder's kind has no value, more than one, or one that is no legal path segment.</returns>
    public bool TryResolve(SelectorSet selectors, [NotNullWhen(true)] out SpiffeId? id, out SelectorKind unresolved)
    {
        unresolved = default;
        id = _fixed;
        if (id is not null) return true;

        StringBuilder path = new();
        foreach (IdSegment segment in _segments)
        {
            path.Append('/');
            if (segment.Placeholder is not { } kind)
            {
                path.Append(segment.Literal);
            }
            else if (kind.TryGetSingle(selectors, out ReadOnlySpan<char> value) && IsSegment(value))
            {
                path.Append(value);
            }
            else
            {
                unresolved = kind;
                return false;
            }
        }

        if (SpiffeId.TryCreate(TrustDomain, path.ToString(), out id, out _)) return true;
        unresolved = Placeholders[0]; // Only the length can be wrong by now, and only the values made it so.
        return false;
    }

    /// <summary>Whether the caller's selectors fill a placeholder of this kind.</summary>
    internal static bool CanFill(SelectorKind kind, SelectorSet selectors) => kind.TryGetSingle(selectors, out ReadOnlySpan<char> value) && IsSegment(value);

    public bool Equals(IdTemplate? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as IdTemplate);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>One legal path segment, unchanged: a value is never sanitised, so no two values can become one. SPIFFE-ID §2.2.</summary>
    private static bool IsSegment(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty || value is "." or "..") return false;
        foreach (char c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')) return false;
        }

        return true;
    }
}
