using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>Files each entry once, under the one of its selectors that fewest entries have (of equals the first in order).</summary>
/// <remarks>
/// An entry can only match a caller who holds that selector, so looking under each selector of a caller finds every match, each once. A selector that
/// all entries share costs nothing as long as each entry has another one that tells it apart.
/// </remarks>
internal sealed class RarestSelectorIndex
{
    private readonly Dictionary<Selector, Entry[]> _files;

    public RarestSelectorIndex(Entry[] entries)
    {
        Dictionary<Selector, int> uses = [];
        foreach (Entry entry in entries)
        {
            foreach (Selector selector in entry.Selectors.Span) uses[selector] = uses.GetValueOrDefault(selector) + 1;
        }

        _files = entries.GroupBy(e => e.Selectors.MinBy(s => uses[s])).ToDictionary(g => g.Key, g => g.ToArray());
    }

    /// <summary>The entries that can only match who holds this selector.</summary>
    public ReadOnlySpan<Entry> FiledUnder(Selector selector) => _files.GetValueOrDefault(selector);
}
