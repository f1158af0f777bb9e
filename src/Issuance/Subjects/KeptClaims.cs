using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>Takes the claims that the operator named out of an assertion, and nothing else.</summary>
/// <remarks>A claim that is there and cannot be kept refuses the whole assertion: without it a policy that forbids by it would allow.</remarks>
internal static class KeptClaims
{
    /// <summary>Longest text, in characters. Ours.</summary>
    public const int MaxText = 1024;

    /// <summary>Most texts of a list. Ours: groups of a person, not of a company.</summary>
    public const int MaxTexts = 64;

    /// <summary>All texts together, in characters. Ours: they go with a task into its record and every decision.</summary>
    public const int MaxTotal = 8 * 1024;

    public static bool TryRead(JsonElement root, ImmutableArray<string> names, [NotNullWhen(true)] out ImmutableSortedDictionary<string, SubjectClaim>? claims)
    {
        claims = null;
        ImmutableSortedDictionary<string, SubjectClaim>.Builder read = ImmutableSortedDictionary.CreateBuilder<string, SubjectClaim>(StringComparer.Ordinal);
        int total = 0;
        foreach (string name in names)
        {
            if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) continue;
            if (Read(value) is not { } claim) return false;
            total += claim.Text.Length + claim.Texts.Sum(text => text.Length);
            if (total > MaxTotal) return false;
            read[name] = claim;
        }

        claims = read.ToImmutable();
        return true;
    }

    private static SubjectClaim? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text(value) is { } text ? SubjectClaim.Of(text) : null,
        JsonValueKind.Number => value.TryGetInt64(out long number) ? SubjectClaim.Of(number) : null,
        JsonValueKind.True or JsonValueKind.False => SubjectClaim.Of(value.ValueKind == JsonValueKind.True),
        JsonValueKind.Array => ReadTexts(value),
        _ => null,
    };

    private static SubjectClaim? ReadTexts(JsonElement list)
    {
        if (list.GetArrayLength() > MaxTexts) return null;
        ImmutableArray<string>.Builder texts = ImmutableArray.CreateBuilder<string>(list.GetArrayLength());
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || Text(item) is not { } text) return null;
            texts.Add(text);
        }

        return SubjectClaim.Of(texts.MoveToImmutable());
    }

    private static string? Text(JsonElement value) => value.GetString() is { Length: <= MaxText } text && AssertionClaims.IsPrintable(text) ? text : null;
}
