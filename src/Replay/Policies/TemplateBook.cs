namespace Spiffe.Agent.Replay.Policies;

/// <summary>The templates that are in force: those of the last configuration, and for a moment those of the one before it.</summary>
internal sealed class TemplateBook
{
    private Dictionary<string, LoadedTemplate> _current = new(StringComparer.Ordinal);
    private Dictionary<string, LoadedTemplate> _previous = new(StringComparer.Ordinal);
    private Dictionary<string, LoadedTemplate> _next = new(StringComparer.Ordinal);
    private DateTimeOffset _since;

    /// <summary>Whether the log says which are in force.</summary>
    public bool IsKnown { get; private set; }

    public void Add(string name, LoadedTemplate template)
    {
        if (_next.Count < ReplayLimits.MaxTemplates) _next[name] = template;
    }

    /// <summary>All of them were read.</summary>
    public void Loaded(DateTimeOffset at)
    {
        (_previous, _current, _next, _since, IsKnown) = (_current, _next, new(StringComparer.Ordinal), at, true);
    }

    /// <summary>A daemon starts.</summary>
    public void Restart()
    {
        foreach (Dictionary<string, LoadedTemplate> templates in (Dictionary<string, LoadedTemplate>[])[_current, _previous, _next]) templates.Clear();
        IsKnown = false;
    }

    /// <summary>What a task that begins at that time may have begun by; none: there is no such template.</summary>
    public IEnumerable<LoadedTemplate> Find(string name, DateTimeOffset at)
    {
        if (_current.TryGetValue(name, out LoadedTemplate? template)) yield return template;
        if (_next.TryGetValue(name, out template)) yield return template; // In force already, and not said to be yet.
        if (at - _since <= ReplayLimits.DecisionLeeway && _previous.TryGetValue(name, out template)) yield return template;
    }
}
