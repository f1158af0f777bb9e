using System.Collections.Concurrent;
using System.Collections.Immutable;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>What of all that operators have written was of use since the start: what was not may be taken out. As large as what they have written, and no larger.</summary>
internal sealed class UseBook(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TemplateTally> _templates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _entries = new(StringComparer.Ordinal);

    /// <summary>Since when is counted.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>A task of this template has begun.</summary>
    public void Begun(TaskTemplate template) => TallyOf(template).HasBegun(time.GetUtcNow());

    /// <summary>A task of this template was permitted an action, or one below it was.</summary>
    public void Used(TaskTemplate template, ActionQuestion question) => TallyOf(template).WasUsed(question);

    /// <summary>A caller holds what these entries ask.</summary>
    public void Earned(ImmutableArray<Grant> grants)
    {
        foreach (Grant grant in grants) _entries[grant.Entry.Name] = time.GetUtcNow();
    }

    /// <summary>When somebody was last found to earn it; null: nobody was.</summary>
    public DateTimeOffset? LastEarned(Entry entry) => _entries.TryGetValue(entry.Name, out DateTimeOffset at) ? at : null;

    /// <summary>What is counted of a template; what its rights were before a reload is carried over.</summary>
    public TemplateTally TallyOf(TaskTemplate template) =>
        _templates.TryGetValue(template.Name, out TemplateTally? known) && known.Ceiling.Equals(template.Ceiling) ? known : _templates.AddOrUpdate(
            template.Name,
            static (_, ceiling) => new TemplateTally(ceiling),
            static (_, known, ceiling) => known.Ceiling.Equals(ceiling) ? known : known.With(ceiling),
            template.Ceiling);

    /// <summary>Forgets what is not written any more.</summary>
    public void Keep(TemplateSnapshot templates, EntrySnapshot entries)
    {
        foreach (string name in _templates.Keys)
        {
            if (templates.Find(name) is null) _templates.TryRemove(name, out _);
        }

        if (_entries.Count <= entries.Count) return; // Then there is nothing to gain worth a search.
        HashSet<string> written = entries.Entries.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string name in _entries.Keys)
        {
            if (!written.Contains(name)) _entries.TryRemove(name, out _);
        }
    }
}
