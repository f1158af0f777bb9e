using System.Collections.Immutable;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>The entries as an operator changes them while the daemon runs. Every change is whole or refused, kept before it counts, and counts at once.</summary>
/// <remarks>
/// Only entries of origin <see cref="EntryOriginKind.Admin"/> are changed or removed here: what a file says is changed in the file, or the next start would bring
/// it back. Changes come one after the other (<see cref="EntryStore.Change"/>), so two operators at once lose nothing.
/// </remarks>
/// <param name="store">Where the entries count.</param>
/// <param name="archive">Where they are kept; null keeps them in memory, until the daemon ends.</param>
/// <param name="capacity">How many entries may be given here.</param>
public sealed class EntryBook(EntryStore store, IEntryArchive? archive, int capacity)
{
    /// <summary>Where added entries are kept; null when they are gone with the daemon.</summary>
    public string? Place => archive?.Place;

    /// <summary>All entries, wherever they were written.</summary>
    public EntrySnapshot Current => store.Current;

    /// <summary>The one entry whose name is this, or begins so.</summary>
    public EntryChange Find(string name) => One(store.Current, name, out EntryRefusal? refusal) is { } entry ? new EntryChange([entry], []) : EntryChange.Refused(refusal!);

    /// <summary>Adds entries of origin <see cref="EntryOriginKind.Admin"/>.</summary>
    public EntryChange Add(IReadOnlyList<Entry> entries) => Change(current =>
    {
        Dictionary<(IdTemplate, SelectorSet), Entry> known = current.Entries.ToDictionary(e => (e.Id, e.Selectors));
        ImmutableArray<EntryRefusal> exist = [.. entries.Where(e => !known.TryAdd((e.Id, e.Selectors), e)).Select(e => new EntryRefusal(EntryRefusalReason.Exists, e, known[(e.Id, e.Selectors)], ""))];
        return exist.IsEmpty ? Plan.Do([.. entries], current.Entries.Concat(entries)) : Plan.Refuse(exist);
    });

    /// <summary>Puts another entry in the place of one.</summary>
    /// <param name="name">The entry's name, or how it begins.</param>
    /// <param name="change">Makes the new entry of the one that counts now; null leaves it, and the caller knows why.</param>
    public EntryChange Update(string name, Func<Entry, Entry?> change) => Change(current =>
    {
        if (One(current, name, out EntryRefusal? refusal) is not { } old) return Plan.Refuse(refusal!);
        if (old.Origin.Kind != EntryOriginKind.Admin) return Plan.Refuse(Elsewhere(old));
        if (change(old) is not { } changed) return Plan.Nothing;
        Entry? twin = current.Entries.FirstOrDefault(e => !ReferenceEquals(e, old) && e.Id.Equals(changed.Id) && e.Selectors.Equals(changed.Selectors));
        return twin is null
            ? Plan.Do([changed], current.Entries.Where(e => !ReferenceEquals(e, old)).Append(changed))
            : Plan.Refuse(new EntryRefusal(EntryRefusalReason.Exists, changed, twin, ""));
    });

    /// <summary>Removes entries by their names, or by how those begin.</summary>
    public EntryChange Remove(IReadOnlyList<string> names) => Change(current =>
    {
        HashSet<Entry> found = [];
        List<EntryRefusal> refusals = [];
        foreach (string name in names)
        {
            if (One(current, name, out EntryRefusal? refusal) is { } entry) found.Add(entry);
            else refusals.Add(refusal!);
        }

        return Without(current, found, refusals);
    });

    /// <summary>Removes the entries that grant an id, as it is written in them.</summary>
    /// <param name="id">The id or the template.</param>
    /// <param name="all">Whether there may be several.</param>
    public EntryChange RemoveGrants(IdTemplate id, bool all) => Change(current =>
    {
        HashSet<Entry> found = [.. current.Entries.Where(e => e.Id.Equals(id))];
        List<EntryRefusal> refusals = [];
        if (found.Count == 0) refusals.Add(new EntryRefusal(EntryRefusalReason.NotFound, null, null, id.Text));
        if (found.Count > 1 && !all) refusals.AddRange(found.Select(e => new EntryRefusal(EntryRefusalReason.Ambiguous, null, e, id.Text)));
        return Without(current, found, refusals);
    });

    private static Plan Without(EntrySnapshot current, HashSet<Entry> found, List<EntryRefusal> refusals)
    {
        refusals.AddRange(found.Where(e => e.Origin.Kind != EntryOriginKind.Admin).Select(Elsewhere));
        return refusals.Count > 0 ? Plan.Refuse([.. refusals]) : Plan.Do([.. found], current.Entries.Where(e => !found.Contains(e)));
    }

    private static EntryRefusal Elsewhere(Entry entry) => new(EntryRefusalReason.WrittenElsewhere, null, entry, "");

    private static Entry? One(EntrySnapshot current, string name, out EntryRefusal? refusal)
    {
        Entry[] found = name.Length == 0 ? [] : [.. current.Entries.Where(e => e.Name.StartsWith(name, StringComparison.Ordinal)).Take(3)];
        refusal = found.Length switch
        {
            0 => new EntryRefusal(EntryRefusalReason.NotFound, null, null, name),
            1 => null,
            _ => new EntryRefusal(EntryRefusalReason.Ambiguous, null, found[0], name),
        };
        return found.Length == 1 ? found[0] : null;
    }

    /// <summary>Makes a plan of what counts now, looks what stands against it, keeps it, and lets it count: in this order, and nobody else in between.</summary>
    private EntryChange Change(Func<EntrySnapshot, Plan> plan)
    {
        EntryChange outcome = EntryChange.Refused();
        store.Change(current =>
        {
            Plan made = plan(current);
            outcome = EntryChange.Refused(made.Refusals);
            if (made.Result is not { } result) return null;
            outcome = EntryChange.Refused(Against(made.Touched, result, current));
            if (!outcome.Refusals.IsEmpty) return null;

            EntrySnapshot next = new(result);
            try
            {
                archive?.Write([.. next.Entries.Where(e => e.Origin.Kind == EntryOriginKind.Admin)]);
            }
            catch (IOException e)
            {
                outcome = EntryChange.Refused(new EntryRefusal(EntryRefusalReason.NotKept, null, null, e.Message));
                return null;
            }

            outcome = new EntryChange(made.Touched, []);
            return next;
        });
        return outcome;
    }

    /// <summary>What the entries may not be together.</summary>
    private ImmutableArray<EntryRefusal> Against(ImmutableArray<Entry> touched, ImmutableArray<Entry> result, EntrySnapshot current)
    {
        int given = result.Count(e => e.Origin.Kind == EntryOriginKind.Admin);
        if (given > capacity && result.Length > current.Count) return [new EntryRefusal(EntryRefusalReason.Full, null, null, $"{capacity}")];

        // Removed entries have hints too, and who is gone is in nobody's way: only entries that share a hint with a new one are compared, in their order, new ones last.
        HashSet<string> hints = [.. touched.Select(e => e.Hint).OfType<string>()];
        if (hints.Count == 0 || result.Length < current.Count) return [];
        return
        [
            .. HintRule.Check(result.Where(e => e.Hint is not null && hints.Contains(e.Hint))).Select(c =>
                new EntryRefusal(c.Other is null ? EntryRefusalReason.HintTooCommon : EntryRefusalReason.HintTaken, c.Entry, c.Other, c.Entry.Hint!)),
        ];
    }

    /// <summary>What a change would do: what it touches and what there is then, or what stands against it, or nothing.</summary>
    private sealed record Plan(ImmutableArray<Entry> Touched, ImmutableArray<Entry>? Result, ImmutableArray<EntryRefusal> Refusals)
    {
        public static Plan Nothing { get; } = new([], null, []);

        public static Plan Do(ImmutableArray<Entry> touched, IEnumerable<Entry> result) => new(touched, [.. result], []);

        public static Plan Refuse(params ImmutableArray<EntryRefusal> refusals) => new([], null, refusals);
    }
}
