using System.Collections.Frozen;
using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tasks.Templates;

/// <summary>The templates that count now, and the operator's ceiling that nobody can be approved past. Immutable; swapped whole.</summary>
public sealed class TemplateSnapshot
{
    private readonly FrozenDictionary<string, TaskTemplate> _byName;

    /// <param name="templates">Each with another name.</param>
    /// <param name="ceiling">The operator's ceiling; null: the templates' own are the only ones.</param>
    /// <exception cref="ArgumentException">Two templates have one name.</exception>
    public TemplateSnapshot(IEnumerable<TaskTemplate> templates, AuthorizationDetails? ceiling)
    {
        All = [.. templates];
        Ceiling = ceiling;
        _byName = All.ToFrozenDictionary(template => template.Name, StringComparer.Ordinal);
        Automatic = [.. All.Where(template => template.IsAutomatic)];
        Kinds = SelectorKinds.Of(All.SelectMany(template => template.Starters));
        IEnumerable<Selector> run = Automatic.Any(template => template.Binding == BindingKind.Systemd) ? [new Selector("systemd", "id"), new Selector("systemd", "invocation_id")] : [];
        AutomaticKinds = SelectorKinds.Of(Automatic.SelectMany(template => template.Starters).Concat(run));
    }

    /// <summary>No templates: no tasks.</summary>
    public static TemplateSnapshot Empty { get; } = new([], null);

    /// <summary>In the order written.</summary>
    public ImmutableArray<TaskTemplate> All { get; }

    /// <summary>Those whose tasks begin without being asked for.</summary>
    public ImmutableArray<TaskTemplate> Automatic { get; }

    /// <summary>What no task may be granted more than; null: nothing but its template limits it.</summary>
    public AuthorizationDetails? Ceiling { get; }

    /// <summary>The kinds of selector that decide who may start what.</summary>
    public SelectorKinds Kinds { get; }

    /// <summary>The same of the automatic ones, and what tells one run of a unit from the next: they are looked for with every call.</summary>
    public SelectorKinds AutomaticKinds { get; }

    public TaskTemplate? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Whether an automatic template that asks for <paramref name="type"/> might be for who holds these selectors, when nothing is known of the types in <paramref name="open"/>.</summary>
    public bool MightMatchAutomatic(SelectorSet held, string type, IReadOnlyList<string> open) => Automatic.Any(template => template.MightStart(held, type, open));

    /// <summary>The same of any template.</summary>
    public bool MightMatch(SelectorSet held, string type, IReadOnlyList<string> open) => All.Any(template => template.MightStart(held, type, open));
}
