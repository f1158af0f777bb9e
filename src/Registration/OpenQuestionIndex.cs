using System.Collections.Immutable;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>Answers whether an entry that asks for one type of selector might match a caller of whom some types are not known.</summary>
/// <remarks>As in <see cref="RarestSelectorIndex"/> each entry is filed once, under the rarest of its selectors among those that can be known. Of entries that have
/// none only what their placeholders ask for counts, and each such demand is kept once: entries that differ in unknown selectors alone cost nothing.</remarks>
internal sealed class OpenQuestionIndex
{
    private static readonly Selector Nothing = new("", "");

    private readonly Dictionary<Selector, Question[]> _files;

    public OpenQuestionIndex(ImmutableArray<Entry> entries, string type, ImmutableArray<string> open)
    {
        Type = type;
        Open = open;
        Question[] questions = [.. entries.Where(e => AsksFor(e, type)).Select(e => new Question(
            e, new SelectorSet(e.Selectors.Where(s => !IsOpen(s.Type, open))), [.. e.Id.Placeholders.Where(p => !IsOpen(p.Type, open))]))];
        Dictionary<Selector, int> uses = [];
        foreach (Selector selector in questions.SelectMany(q => q.Known)) uses[selector] = uses.GetValueOrDefault(selector) + 1;
        _files = questions.GroupBy(q => q.Known.Count == 0 ? Nothing : q.Known.MinBy(s => uses[s])).ToDictionary(
            g => g.Key, g => g.Key == Nothing ? [.. g.DistinctBy(q => string.Join(' ', q.Filled))] : g.ToArray());
    }

    /// <summary>The type that is asked about; one of <see cref="Open"/>.</summary>
    public string Type { get; }

    /// <summary>The types of which nothing is known.</summary>
    public ImmutableArray<string> Open { get; }

    /// <summary>Whether this is the index for that question.</summary>
    public bool IsFor(string type, IReadOnlyList<string> open)
    {
        if (!string.Equals(type, Type, StringComparison.Ordinal) || open.Count != Open.Length) return false;
        for (int i = 0; i < Open.Length; i++)
        {
            if (!string.Equals(open[i], Open[i], StringComparison.Ordinal)) return false;
        }

        return true;
    }

    /// <summary>Whether some entry might match; <paramref name="inspected"/> is how many were looked at.</summary>
    public bool MightMatch(SelectorSet held, out int inspected)
    {
        inspected = 0;
        if (AnyHolds(Nothing, held, ref inspected)) return true;
        foreach (Selector selector in held.Span)
        {
            if (AnyHolds(selector, held, ref inspected)) return true;
        }

        return false;
    }

    private bool AnyHolds(Selector file, SelectorSet held, ref int inspected)
    {
        if (!_files.TryGetValue(file, out Question[]? questions)) return false;
        foreach (Question question in questions)
        {
            inspected++;
            if (question.Known.IsSubsetOf(held) && IsFilled(question, held)) return true;
        }

        return false;
    }

    private static bool IsFilled(Question question, SelectorSet held)
    {
        foreach (SelectorKind kind in question.Filled)
        {
            if (!IdTemplate.CanFill(kind, held)) return false;
        }

        return true;
    }

    private static bool AsksFor(Entry entry, string type) =>
        entry.Selectors.Any(s => string.Equals(s.Type, type, StringComparison.Ordinal))
        || entry.Id.Placeholders.Any(p => string.Equals(p.Type, type, StringComparison.Ordinal));

    private static bool IsOpen(string type, ImmutableArray<string> open) => open.Contains(type, StringComparer.Ordinal);

    /// <param name="Entry">The entry.</param>
    /// <param name="Known">Those of its selectors that can be known.</param>
    /// <param name="Filled">Those of its placeholders that can be known.</param>
    private sealed record Question(Entry Entry, SelectorSet Known, ImmutableArray<SelectorKind> Filled);
}
