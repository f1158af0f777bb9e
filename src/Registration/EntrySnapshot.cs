using System.Collections.Immutable;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>All entries as they stand at one moment. Immutable; built once, asked often, by any number of threads.</summary>
/// <remarks>
/// The same entries give the same snapshot, in whatever order they come. A caller's cost depends on the selectors it holds and on the entries filed under
/// them (<see cref="RarestSelectorIndex"/>), not on how many entries there are.
/// </remarks>
public sealed class EntrySnapshot
{
    /// <summary>Indexes for open questions that are kept. Ours: there are as many questions as sets of attestors that can fail together, in practice a handful.</summary>
    private const int MaxOpenQuestions = 64;

    private readonly RarestSelectorIndex _index;
    private ImmutableArray<OpenQuestionIndex> _openQuestions = [];

    /// <exception cref="ArgumentException">Two entries grant the same id to the same selectors: which of them counts would be chance.</exception>
    public EntrySnapshot(IEnumerable<Entry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Entry[] ordered = [.. entries];
        Array.Sort(ordered, EntryOrder.Compare);
        RefuseRepeats(ordered);
        Entries = [.. ordered];
        Kinds = KindsOf(ordered);
        FirstEnd = ordered.Min(entry => entry.EndsAt);
        _index = new RarestSelectorIndex(ordered);
    }

    /// <summary>No entries: nobody earns anything.</summary>
    public static EntrySnapshot Empty { get; } = new([]);

    /// <summary>Every entry: priority (higher first), then most selectors, then id (ordinal).</summary>
    public ImmutableArray<Entry> Entries { get; }

    public int Count => Entries.Length;

    /// <summary>When the first of them stops to count; null: none does by itself.</summary>
    public DateTimeOffset? FirstEnd { get; }

    /// <summary>The kinds of selector that decide or fill anything here, placeholders included: no other evidence is worth taking.</summary>
    public SelectorKinds Kinds { get; }

    /// <summary>The identities that these selectors earn; the first is the default one. Empty, without allocation, when there are none.</summary>
    /// <remarks>In order: priority (higher first), then most selectors, then SPIFFE ID (ordinal). A placeholder without a value earns nothing.</remarks>
    public ImmutableArray<Grant> Match(SelectorSet selectors) => Match(selectors, out _);

    /// <summary>Whether an entry that asks for <paramref name="type"/> might match a caller who holds these selectors, and of whose <paramref name="open"/> types nothing
    /// is known: everything else that it asks for holds.</summary>
    /// <remarks>As <see cref="Match(SelectorSet)"/> it costs what is filed under the caller's selectors; the first question about a set of types reads every entry.</remarks>
    /// <param name="held">What is known of the caller; nothing of the open types.</param>
    /// <param name="type">One of the open types.</param>
    /// <param name="open">Types of selector that nobody was asked about, or whose attestor failed.</param>
    public bool MightMatch(SelectorSet held, string type, IReadOnlyList<string> open) => MightMatch(held, type, open, out _);

    /// <summary>Entries that exactly one thing keeps from matching, in the order of <see cref="Entries"/>, at most <paramref name="max"/>.</summary>
    /// <remarks>Reads every entry: for an explanation, not for the hot path.</remarks>
    public ImmutableArray<NearMiss> NearMisses(SelectorSet selectors, int max)
    {
        ArgumentNullException.ThrowIfNull(selectors);
        ImmutableArray<NearMiss>.Builder misses = ImmutableArray.CreateBuilder<NearMiss>();
        foreach (Entry entry in Entries)
        {
            if (misses.Count >= max) break;
            if (OnlyMissing(entry, selectors) is { } missing) misses.Add(new NearMiss(entry, missing));
        }

        return misses.DrainToImmutable();
    }

    /// <summary>The entry of this <see cref="Entry.Name"/>, or null. Reads every entry.</summary>
    public Entry? Find(string name) => Entries.FirstOrDefault(e => string.Equals(e.Name, name, StringComparison.Ordinal));

    /// <summary>As <see cref="Match(SelectorSet)"/>, and how many entries were looked at.</summary>
    internal ImmutableArray<Grant> Match(SelectorSet selectors, out int inspected)
    {
        ArgumentNullException.ThrowIfNull(selectors);
        List<Grant>? grants = null;
        inspected = 0;
        foreach (Selector selector in selectors.Span)
        {
            foreach (Entry entry in _index.FiledUnder(selector))
            {
                inspected++;
                if (entry.Selectors.IsSubsetOf(selectors) && entry.Id.TryResolve(selectors, out SpiffeId? id, out _)) (grants ??= []).Add(new Grant(entry, id));
            }
        }

        if (grants is null) return [];
        if (grants.Count > 1) grants.Sort(EntryOrder.Compare);
        return [.. grants];
    }

    /// <summary>As <see cref="MightMatch(SelectorSet, string, IReadOnlyList{string})"/>, and how many entries were looked at.</summary>
    internal bool MightMatch(SelectorSet held, string type, IReadOnlyList<string> open, out int inspected)
    {
        ArgumentNullException.ThrowIfNull(held);
        ArgumentNullException.ThrowIfNull(open);
        inspected = 0;
        return Kinds.ContainsType(type) && IndexFor(type, open).MightMatch(held, out inspected);
    }

    private OpenQuestionIndex IndexFor(string type, IReadOnlyList<string> open)
    {
        ImmutableArray<OpenQuestionIndex> known = _openQuestions;
        foreach (OpenQuestionIndex index in known)
        {
            if (index.IsFor(type, open)) return index;
        }

        // Two threads may build the same: one of them is kept, and both answer alike.
        OpenQuestionIndex built = new(Entries, type, [.. open]);
        ImmutableInterlocked.InterlockedExchange(ref _openQuestions, known.Length < MaxOpenQuestions ? known.Add(built) : [built]);
        return built;
    }

    private static Selector? OnlyMissing(Entry entry, SelectorSet held)
    {
        Selector? missing = null;
        foreach (Selector selector in entry.Selectors.Span)
        {
            if (held.Contains(selector)) continue;
            if (missing is not null) return null;
            missing = selector;
        }

        if (missing is not null) return missing;
        return entry.Id.TryResolve(held, out _, out SelectorKind kind) ? null : new Selector(kind.Type, kind.Key);
    }

    private static SelectorKinds KindsOf(Entry[] entries) => SelectorKinds.Of(
        entries.SelectMany(e => e.Selectors).Concat(entries.SelectMany(e => e.Id.Placeholders).Select(k => new Selector(k.Type, k.Key))));

    private static void RefuseRepeats(Entry[] ordered)
    {
        HashSet<(IdTemplate, SelectorSet)> seen = new(ordered.Length);
        foreach (Entry entry in ordered)
        {
            if (!seen.Add((entry.Id, entry.Selectors))) throw new ArgumentException($"two entries grant the same to the same: {entry}", nameof(ordered));
        }
    }
}
