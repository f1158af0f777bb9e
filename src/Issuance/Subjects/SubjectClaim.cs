using System.Collections.Immutable;
using System.Globalization;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>The value of one claim that the operator said to keep: small, and of a kind that policies can look at.</summary>
public sealed record SubjectClaim
{
    private SubjectClaim(SubjectClaimKind kind) => Kind = kind;

    public SubjectClaimKind Kind { get; }

    /// <summary>Of <see cref="SubjectClaimKind.Text"/>; else empty.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Of <see cref="SubjectClaimKind.Number"/>; else 0.</summary>
    public long Number { get; private init; }

    /// <summary>Of <see cref="SubjectClaimKind.Truth"/>; else false.</summary>
    public bool Truth { get; private init; }

    /// <summary>Of <see cref="SubjectClaimKind.Texts"/>, in the order of the token; else empty.</summary>
    public ImmutableArray<string> Texts { get; private init; } = [];

    public static SubjectClaim Of(string text) => new(SubjectClaimKind.Text) { Text = text };

    public static SubjectClaim Of(long number) => new(SubjectClaimKind.Number) { Number = number };

    public static SubjectClaim Of(bool truth) => new(SubjectClaimKind.Truth) { Truth = truth };

    public static SubjectClaim Of(ImmutableArray<string> texts) => new(SubjectClaimKind.Texts) { Texts = texts };

    /// <summary>For people.</summary>
    public override string ToString() => Kind switch
    {
        SubjectClaimKind.Text => Text,
        SubjectClaimKind.Number => Number.ToString(CultureInfo.InvariantCulture),
        SubjectClaimKind.Truth => Truth ? "true" : "false",
        _ => string.Join(", ", Texts),
    };

    public bool Equals(SubjectClaim? other) => other is not null && Kind == other.Kind && Number == other.Number && Truth == other.Truth
        && string.Equals(Text, other.Text, StringComparison.Ordinal) && Texts.SequenceEqual(other.Texts, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Kind, Text, Number, Truth, Texts.Length);
}
