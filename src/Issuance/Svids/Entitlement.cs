using System.Collections.Immutable;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>One identity that a caller may be issued: because an entry says so, or for as long as a task lives.</summary>
internal abstract class Entitlement(SpiffeId id, string hint)
{
    public SpiffeId Id => id;

    /// <summary>The operator's word on its use; empty when there is none.</summary>
    public string Hint => hint;

    /// <summary>DNS names of its X509-SVID.</summary>
    public virtual ImmutableArray<string> DnsNames => [];

    /// <summary>Entitlements with equal keys share one identity, with its keys and its live SVIDs.</summary>
    public abstract object Key { get; }

    /// <summary>Says in the log why there is this identity.</summary>
    public abstract string Source { get; }

    /// <summary>Whether <see cref="Leaves"/> writes it down.</summary>
    public virtual bool WritesDown => true;

    /// <summary>What may be signed now; null when nothing may be, any more.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="audiences">Whom a JWT-SVID is to be for; of other kinds none.</param>
    public abstract SvidTerms? Terms(SvidKind kind, IReadOnlyList<string> audiences);

    /// <summary>Something was signed by these terms and is about to leave.</summary>
    public abstract Leaving Leaves(SvidKind kind, SvidTerms terms, SignedSvid signed);
}
