using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

public sealed partial class IdTemplate
{
    /// <summary>First segments that no entry may use, and why.</summary>
    private static readonly ImmutableArray<(string Segment, string Reason)> Reserved =
    [
        ("agent", "paths under /agent are reserved for task identities, which the daemon alone names"),
        ("spire", "paths under /spire are reserved for SPIRE's own servers and agents"),
    ];

    /// <summary>A fixed identity, without placeholders.</summary>
    /// <exception cref="ArgumentException">The ID names a trust domain.</exception>
    public static IdTemplate Of(SpiffeId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.IsTrustDomain) throw new ArgumentException("a workload's identity needs a path", nameof(id));
        return new IdTemplate(id.TrustDomain, id.Path, [], id);
    }

    /// <summary>Reads a path in <paramref name="trustDomain"/> such as <c>/web</c> or <c>/user/{unix:user}</c>, or a whole SPIFFE ID of it.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="trustDomain">The only trust domain whose identities may be granted.</param>
    /// <param name="template">The template, when the text is good.</param>
    /// <param name="fault">Otherwise the rule that it breaks, as part of a sentence.</param>
    public static bool TryParse(
        ReadOnlySpan<char> text, TrustDomain trustDomain, [NotNullWhen(true)] out IdTemplate? template, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(trustDomain);
        template = null;
        if (text.Length > SpiffeId.MaxLength) return Fail($"is longer than {SpiffeId.MaxLength} bytes", out fault);
        if (!TryTakePath(text, trustDomain, out ReadOnlySpan<char> path, out fault)) return false;
        if (path.Length < 2) return Fail("names a trust domain and no workload: give it a path such as /web", out fault);
        if (!TryReadSegments(path, out ImmutableArray<IdSegment> segments, out fault)) return false;

        // Placeholders stand for one character here: the rules of the rest are SPIFFE-ID's own.
        string probe = string.Concat(segments.Select(s => s.Placeholder is null ? "/" + s.Literal : "/x"));
        if (!SpiffeId.TryCreate(trustDomain, probe, out SpiffeId? id, out SpiffeIdRule broken)) return Fail(Sentence(broken), out fault);

        bool isFixed = segments.All(s => s.Placeholder is null);
        template = new IdTemplate(trustDomain, path.ToString(), segments, isFixed ? id : null);
        return true;
    }

    private static bool TryTakePath(ReadOnlySpan<char> text, TrustDomain trustDomain, out ReadOnlySpan<char> path, [NotNullWhen(false)] out string? fault)
    {
        path = text;
        fault = null;
        if (text.StartsWith('/')) return true;

        const string Scheme = "spiffe://";
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return Fail("is neither a path such as /web nor a whole SPIFFE ID", out fault);
        ReadOnlySpan<char> rest = text[Scheme.Length..];
        int slash = rest.IndexOf('/');
        path = slash < 0 ? [] : rest[slash..];
        if (!TrustDomain.TryParse(slash < 0 ? rest : rest[..slash], out TrustDomain? written, out SpiffeIdRule broken)) return Fail(Sentence(broken), out fault);
        return written.Equals(trustDomain) || Fail($"is outside the trust domain '{trustDomain}'", out fault);
    }

    private static bool TryReadSegments(ReadOnlySpan<char> path, out ImmutableArray<IdSegment> segments, [NotNullWhen(false)] out string? fault)
    {
        segments = [];
        fault = null;
        ImmutableArray<IdSegment>.Builder read = ImmutableArray.CreateBuilder<IdSegment>();
        ReadOnlySpan<char> rest = path[1..];
        foreach (Range range in rest.Split('/'))
        {
            if (!TryReadSegment(rest[range], out IdSegment segment, out fault)) return false;
            read.Add(segment);
        }

        // A value could spell a reserved word, so the first segment is never left to one.
        if (read[0].Placeholder is not null) return Fail("begins with a placeholder: its first segment must be fixed text", out fault);
        foreach ((string word, string reason) in Reserved)
        {
            if (string.Equals(read[0].Literal, word, StringComparison.Ordinal)) return Fail($"is reserved: {reason}", out fault);
        }

        segments = read.DrainToImmutable();
        return true;
    }

    private static bool TryReadSegment(ReadOnlySpan<char> text, out IdSegment segment, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        segment = default;
        if (text.ContainsAny('{', '}'))
        {
            bool whole = text.Length > 2 && text[0] == '{' && text[^1] == '}';
            if (!whole || !SelectorKind.TryParse(text[1..^1], out SelectorKind kind))
            {
                return Fail($"has a bad placeholder in '{text}': a placeholder is a whole segment, written {{type:key}}, such as {{unix:user}}", out fault);
            }

            segment = new IdSegment("", kind);
            return true;
        }

        segment = new IdSegment(text.ToString(), null);
        return true;
    }

    private static string Sentence(SpiffeIdRule broken) => broken switch
    {
        SpiffeIdRule.TooLong => $"is longer than {SpiffeId.MaxLength} bytes (SPIFFE-ID §2.3)",
        SpiffeIdRule.TrustDomainMissing => "names no trust domain (SPIFFE-ID §2.1)",
        SpiffeIdRule.TrustDomainTooLong => $"has a trust domain of more than {TrustDomain.MaxLength} bytes (SPIFFE-ID §2.3)",
        SpiffeIdRule.TrustDomainCharacter => "has a character in its trust domain that is not in [a-z0-9._-] (SPIFFE-ID §2.1)",
        SpiffeIdRule.PathSegmentEmpty => "has an empty path segment (SPIFFE-ID §2.2)",
        SpiffeIdRule.PathSegmentRelative => "has '.' or '..' as a path segment (SPIFFE-ID §2.2)",
        SpiffeIdRule.PathCharacter => "has a character in its path that is not in [a-zA-Z0-9._-] (SPIFFE-ID §2.2)",
        SpiffeIdRule.PathTrailingSlash => "ends with a slash (SPIFFE-ID §2.2)",
        _ => $"is not a SPIFFE ID ({broken})",
    };

    private static bool Fail(string what, [NotNullWhen(false)] out string? fault)
    {
        fault = what;
        return false;
    }
}
