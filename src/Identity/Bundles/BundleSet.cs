using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Identity.Bundles;

/// <summary>The bundles that somebody trusts, one for each trust domain, never mixed (Federation §4.2). Immutable.</summary>
public sealed class BundleSet
{
    private readonly FrozenDictionary<TrustDomain, TrustBundle> _byDomain;

    /// <exception cref="ArgumentException">Two bundles are of the same trust domain.</exception>
    public BundleSet(TrustBundle own, params IEnumerable<TrustBundle> federated)
    {
        ArgumentNullException.ThrowIfNull(own);
        Own = own;
        Federated = [.. federated];
        Dictionary<TrustDomain, TrustBundle> all = new() { [own.TrustDomain] = own };
        foreach (TrustBundle bundle in Federated)
        {
            if (!all.TryAdd(bundle.TrustDomain, bundle)) throw new ArgumentException($"two bundles of {bundle.TrustDomain}", nameof(federated));
        }

        _byDomain = all.ToFrozenDictionary();
    }

    /// <summary>The bundle of the trust domain that this agent serves.</summary>
    public TrustBundle Own { get; }

    /// <summary>The bundles of other trust domains.</summary>
    public IReadOnlyList<TrustBundle> Federated { get; }

    /// <summary>The one bundle that may be used for IDs of <paramref name="trustDomain"/>.</summary>
    public bool TryGet(TrustDomain trustDomain, [NotNullWhen(true)] out TrustBundle? bundle) => _byDomain.TryGetValue(trustDomain, out bundle);
}
