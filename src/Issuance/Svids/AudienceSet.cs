namespace Spiffe.Agent.Issuance.Svids;

/// <summary>Whom a JWT-SVID is for: sorted, without repeats, at least one. Equal sets are equal values.</summary>
public sealed class AudienceSet : IEquatable<AudienceSet>
{
    /// <summary>Audiences in one request. Ours: a token for many verifiers can be replayed among them (JWT-SVID §3.2 asks for one).</summary>
    public const int MaxCount = 16;

    /// <summary>Longest audience, in characters. Ours: as long as a SPIFFE ID may be.</summary>
    public const int MaxLength = 2048;

    private readonly string[] _names;
    private readonly int _hash;

    private AudienceSet(string[] names)
    {
        _names = names;
        HashCode hash = default;
        foreach (string name in names) hash.Add(name, StringComparer.Ordinal);
        _hash = hash.ToHashCode();
    }

    /// <summary>The audiences in ordinal order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Null with the fault when the request names none, too many, an empty or an overlong one.</summary>
    public static AudienceSet? TryCreate(IReadOnlyCollection<string> audiences, out string fault)
    {
        fault = audiences.Count == 0 ? "audience must be specified"
            : audiences.Count > MaxCount ? $"at most {MaxCount} audiences"
            : audiences.Any(string.IsNullOrEmpty) ? "an audience must not be empty"
            : audiences.Any(a => a.Length > MaxLength) ? $"an audience may have at most {MaxLength} characters"
            : "";
        if (fault.Length > 0) return null;
        string[] names = audiences.Count == 1 ? [.. audiences] : [.. audiences.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new AudienceSet(names);
    }

    public bool Equals(AudienceSet? other) => other is not null && _hash == other._hash && _names.AsSpan().SequenceEqual(other._names);

    public override bool Equals(object? obj) => Equals(obj as AudienceSet);

    public override int GetHashCode() => _hash;
}
