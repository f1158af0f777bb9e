using System.Collections.Frozen;

namespace Spiffe.Agent.Identity;

/// <summary>Which kinds of selector anybody asks about, such as <c>unix:sha256</c>: evidence that nobody uses is not taken.</summary>
public sealed class SelectorKinds
{
    private readonly FrozenSet<(string Type, string Key)>? _kinds;

    private readonly FrozenSet<string>? _types;

    private readonly FrozenSet<Selector>? _selectors;

    private SelectorKinds(FrozenSet<Selector>? selectors)
    {
        _selectors = selectors;
        _kinds = selectors?.Select(s => (s.Type, KeyOf(s.Value))).ToFrozenSet();
        _types = selectors?.Select(s => s.Type).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Every kind there is: for an explanation, not for the hot path.</summary>
    public static SelectorKinds All { get; } = new(null);

    /// <summary>The kinds that occur in <paramref name="selectors"/>: the type, and the value up to its first colon.</summary>
    /// <remarks>A selector without that colon, such as <c>unix:user</c>, asks about every value of its kind: a placeholder does.</remarks>
    public static SelectorKinds Of(IEnumerable<Selector> selectors) => new(selectors.ToFrozenSet());

    /// <summary>What is asked for here or there.</summary>
    public SelectorKinds And(SelectorKinds other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _selectors is null || other._selectors is null ? All : new SelectorKinds(_selectors.Union(other._selectors).ToFrozenSet());
    }

    /// <summary>Whether somebody asks about <c>type:key</c>.</summary>
    public bool Contains(string type, string key) => _kinds is null || _kinds.Contains((type, key));

    /// <summary>Whether somebody asks about anything of this type.</summary>
    public bool ContainsType(string type) => _types is null || _types.Contains(type);

    /// <summary>Whether somebody asks about exactly this selector, or about every value of its kind.</summary>
    /// <remarks>For kinds of which a process has many, such as labels and environment variables: what nobody names is not kept.</remarks>
    public bool Asks(Selector selector) =>
        _selectors is null || _selectors.Contains(selector) || _selectors.Contains(new Selector(selector.Type, KeyOf(selector.Value)));

    private static string KeyOf(string value)
    {
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? value : value[..colon];
    }
}
