using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>
/// A grant: authorization details of RFC 9396 as a set in canonical order. Read from strict JSON, equal by its canonical bytes (RFC 8785). "Within" is a partial order: reflexive,
/// transitive, and two grants that are within one another are equal.
/// </summary>
public sealed class AuthorizationDetails : IEquatable<AuthorizationDetails>
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = true, MaxDepth = GrantLimits.MaxDepth }; // Duplicates are found, and named, while reading.

    private readonly byte[] _canonical;

    private AuthorizationDetails(ImmutableArray<AuthorizationDetail> items, byte[] canonical)
    {
        (Items, _canonical) = (items, canonical);
        HasSteps = items.Any(static detail => detail.Constraints.Order is not null);
    }

    /// <summary>Grants nothing: <c>[]</c>.</summary>
    public static AuthorizationDetails None { get; } = new([], "[]"u8.ToArray());

    /// <summary>No limit, as a ceiling; all of the ceiling, as a request. Never read from JSON, never written, and itself no grant: it answers no question.</summary>
    public static AuthorizationDetails Everything { get; } = new([], "\"everything\""u8.ToArray());

    /// <summary>The details, in ordinal order of their canonical bytes.</summary>
    public ImmutableArray<AuthorizationDetail> Items { get; }

    /// <summary>Whether this is <see cref="Everything"/>.</summary>
    public bool IsEverything => ReferenceEquals(this, Everything);

    /// <summary>The canonical JSON. RFC 8785.</summary>
    public ReadOnlySpan<byte> Canonical => _canonical;

    /// <summary>The same, to be kept.</summary>
    public ReadOnlyMemory<byte> CanonicalMemory => _canonical;

    /// <summary>SHA-256 of <see cref="Canonical"/>, base64url without padding.</summary>
    public string Digest => field ??= CanonicalJson.Digest(_canonical);

    internal bool HasSteps { get; }

    /// <summary>Reads a JSON array of details. Refused is invalid UTF-8, what is there twice, what is not known, and what passes a limit (<see cref="GrantLimits"/>).</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Json, [NotNullWhen(true)] out AuthorizationDetails? details, [NotNullWhen(false)] out GrantFault? fault)
    {
        details = null;
        if (utf8Json.Length > GrantLimits.MaxJsonLength) fault = TooLong();
        else if (!Utf8.IsValid(utf8Json)) fault = new GrantFault(GrantRule.Malformed, "$", "this is not UTF-8");
        else
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(utf8Json.ToArray(), Strict);
                return TryParse(document.RootElement, out details, out fault);
            }
            catch (JsonException)
            {
                fault = new GrantFault(GrantRule.Malformed, "$", $"this is not JSON, or nested deeper than {GrantLimits.MaxDepth}");
            }
        }

        return false;
    }

    /// <summary>Reads details that are part of a larger document.</summary>
    public static bool TryParse(JsonElement element, [NotNullWhen(true)] out AuthorizationDetails? details, [NotNullWhen(false)] out GrantFault? fault)
    {
        details = null;
        DetailReader reader = new();
        if (!reader.TryReadAll(element, out List<AuthorizationDetail>? read))
        {
            fault = reader.Fault!;
            return false;
        }

        int reachable = LastReachableStep(read), unreachable = read.FindIndex(detail => detail.Constraints.Order > reachable);
        fault = unreachable < 0 ? null : new GrantFault(GrantRule.Sequence, $"$[{unreachable}].constraints.order", $"this step can never be used: there is no step {reachable + 1}");
        if (fault is not null) return false;
        AuthorizationDetails created = Create(read);
        if (created._canonical.Length > GrantLimits.MaxJsonLength) fault = TooLong();
        details = fault is null ? created : null;
        return details is not null;
    }

    /// <summary>Reads details that are known to be good.</summary>
    /// <exception cref="FormatException">They break a rule.</exception>
    public static AuthorizationDetails Parse(string json) =>
        TryParse(System.Text.Encoding.UTF8.GetBytes(json), out AuthorizationDetails? details, out GrantFault? fault) ? details : throw new FormatException(fault.ToString());

    /// <summary>The grant of one detail: what an action token carries (<see cref="AuthorizationDetail.NarrowTo"/>).</summary>
    /// <exception cref="ArgumentException">The detail is a later step of a sequence: alone it could never be used.</exception>
    public static AuthorizationDetails OfOne(AuthorizationDetail detail)
    {
        ArgumentNullException.ThrowIfNull(detail);
        return detail.Constraints.Order is > 1
            ? throw new ArgumentException("a later step alone can never be used", nameof(detail))
            : new AuthorizationDetails([detail], [(byte)'[', .. detail.Canonical, (byte)']']);
    }

    /// <summary>Whether everything that this grants the other does, counts and steps included.</summary>
    public bool IsWithin(AuthorizationDetails ceiling)
    {
        ArgumentNullException.ThrowIfNull(ceiling);
        if (ceiling.IsEverything || Equals(ceiling)) return true;
        return !IsEverything && GrantCover.Find(Items, ceiling.Items) is not null;
    }

    /// <summary>Why this is not within the other, for people; null where it is.</summary>
    public string? WhyNotWithin(AuthorizationDetails ceiling)
    {
        if (IsWithin(ceiling)) return null;
        if (IsEverything) return "everything is within nothing but itself";
        foreach (AuthorizationDetail detail in Items)
        {
            AuthorizationDetail? closest = ceiling.Items.MaxBy(other => DetailOrder.FirstMiss(detail, other) ?? DetailMember.Order);
            if (closest is null) return "the ceiling allows nothing";
            if (DetailOrder.FirstMiss(detail, closest) is { } miss) return MissText.Of(miss, detail, closest, "the ceiling");
        }

        return HasSteps || ceiling.HasSteps ? "order: the steps are others, or there are fewer uses than all details together want" : "max_uses: there are fewer uses than all details together want";
    }

    /// <summary>What both grant. Idempotent; within both; the one that is within the other where there is one; the greatest such grant where nothing is counted or a step.</summary>
    public static AuthorizationDetails Meet(AuthorizationDetails a, AuthorizationDetails b)
    {
        ArgumentNullException.ThrowIfNull(b);
        return a is { IsEverything: true } && b.IsEverything ? Everything : GrantMeet.Of(a, new GrantCeiling("the ceiling", b)).Effective;
    }

    /// <summary>Which details allow this; the ledger says whether they still may be used.</summary>
    public GrantFinding Find(ActionQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        ImmutableArray<int> granting = [];
        (int Index, DetailMember Member)? closest = null;
        for (int i = 0; i < Items.Length; i++)
        {
            if (DetailQuestion.FirstMiss(Items[i], question) is not { } miss) granting = granting.Add(i);
            else if (closest is null || miss > closest.Value.Member) closest = (i, miss);
        }

        if (!granting.IsEmpty || closest is not { } near) return new GrantFinding(granting, null);
        return new GrantFinding([], new GrantMiss(near.Index, near.Member, DetailQuestion.Why(near.Member, Items[near.Index], question)));
    }

    /// <summary>Writes the canonical JSON array.</summary>
    /// <exception cref="InvalidOperationException">This is <see cref="Everything"/>.</exception>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (IsEverything) throw new InvalidOperationException("everything is no grant and is not written");
        writer.WriteRawValue(_canonical, skipInputValidation: true);
    }

    public bool Equals(AuthorizationDetails? other) => other is not null && (ReferenceEquals(this, other) || Canonical.SequenceEqual(other.Canonical));

    public override bool Equals(object? obj) => Equals(obj as AuthorizationDetails);

    public override int GetHashCode() => Digest.GetHashCode(StringComparison.Ordinal);

    /// <summary>The canonical JSON.</summary>
    public override string ToString() => System.Text.Encoding.UTF8.GetString(_canonical);

    /// <summary>
    /// Makes the set canonical: each detail once, none within an uncounted other that is the same step, no steps where the rest allows all that they do. The details' steps have no gaps.
    /// </summary>
    internal static AuthorizationDetails Create(IEnumerable<AuthorizationDetail> details)
    {
        List<AuthorizationDetail> all = [.. details.Distinct()];
        if (all.Count == 0) return None;
        List<AuthorizationDetail> tops = all.FindAll(detail => !all.Exists(other => !other.Equals(detail) && other.Constraints.MaxUses is null
            && other.Constraints.Order == detail.Constraints.Order && DetailOrder.IsWithin(detail, other)));
        tops.Sort(static (a, b) => a.Canonical.SequenceCompareTo(b.Canonical));
        ImmutableArray<AuthorizationDetail> free = [.. tops.Where(detail => detail.Constraints.Order is null)];
        ImmutableArray<AuthorizationDetail> items = [.. tops];
        if (free.Length > 0 && free.Length < items.Length && GrantCover.FindWithoutSteps(items, free) is not null) items = free;
        return new AuthorizationDetails(items, Join(items));
    }

    /// <summary>The highest step that can be used: every one from 1 to it is there.</summary>
    internal static int LastReachableStep(IEnumerable<AuthorizationDetail> details)
    {
        HashSet<int?> steps = [.. details.Select(detail => detail.Constraints.Order)];
        int last = 0;
        while (steps.Contains(last + 1)) last++;
        return last;
    }

    private static byte[] Join(ImmutableArray<AuthorizationDetail> items)
    {
        CanonicalWriter writer = new();
        writer.BeginArray();
        foreach (AuthorizationDetail item in items) writer.Raw(item.Canonical);
        writer.EndArray();
        return writer.ToArray();
    }

    private static GrantFault TooLong() => new(GrantRule.TooLarge, "$", $"authorization details have at most {GrantLimits.MaxJsonLength} bytes");
}
