using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation;

/// <summary>What evidence the entries of one moment ask for. One object for each state of the entries: what follows from it is worked out once.</summary>
/// <param name="kinds">The kinds of selector that decide or fill anything.</param>
/// <param name="mightMatch">Whether an entry that asks for a type (second) might match who holds these selectors (first) and of whose open types (third) nothing is known.
/// Cheap: asked for each call.</param>
public sealed class EvidenceDemand(SelectorKinds kinds, Func<SelectorSet, string, IReadOnlyList<string>, bool> mightMatch)
{
    private string[]? _services;

    /// <summary>Everything there is, of everybody: for an explanation.</summary>
    public static EvidenceDemand Everything { get; } = Of(SelectorKinds.All);

    /// <summary>The kinds of selector that decide or fill anything.</summary>
    public SelectorKinds Kinds => kinds;

    /// <summary>These kinds, of everybody.</summary>
    public static EvidenceDemand Of(SelectorKinds kinds) => new(kinds, static (_, _, _) => true);

    /// <summary>Whether an entry that asks for <paramref name="type"/> might match.</summary>
    public bool MightMatch(SelectorSet held, string type, IReadOnlyList<string> open) => mightMatch(held, type, open);

    /// <summary>The types among these that are asked for at all, in their order.</summary>
    internal string[] ServicesAmong(IAttestor[] services) => _services ??= [.. services.Select(s => s.Type).Where(kinds.ContainsType)];
}
