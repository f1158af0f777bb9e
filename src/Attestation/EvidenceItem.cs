using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation;

/// <summary>A selector and where it was read.</summary>
/// <param name="Selector">What was found. Of a <see cref="Secret"/> one it must not be shown: show <see cref="Shown"/>.</param>
/// <param name="Source">Where, such as <c>SO_PEERCRED</c> or <c>/proc/PID/exe</c>; for people.</param>
public sealed record EvidenceItem(Selector Selector, string Source)
{
    private const string Redacted = "[redacted]";

    /// <summary>Whether the selector ends in a secret, as environment variables do (<c>docker:env:NAME=value</c>).</summary>
    public bool Secret { get; init; }

    /// <summary>The selector as people and logs may see it: of a secret one the name alone, <c>docker:env:NAME=[redacted]</c>.</summary>
    public string Shown
    {
        get
        {
            if (!Secret) return Selector.ToString();
            int equals = Selector.Value.IndexOf('=', StringComparison.Ordinal);
            return equals < 0 ? string.Concat(Selector.Type, ":", Redacted) : string.Concat(Selector.Type, ":", Selector.Value.AsSpan(0, equals + 1), Redacted);
        }
    }

    /// <summary>Never a secret.</summary>
    public override string ToString() => string.Concat(Shown, " from ", Source);
}
