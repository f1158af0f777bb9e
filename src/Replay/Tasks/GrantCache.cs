using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Replay.Tasks;

/// <summary>Grants that were read before, by their canonical bytes: tasks of one template mostly have the same.</summary>
internal sealed class GrantCache
{
    private readonly AuthorizationDetails?[] _slots = new AuthorizationDetails?[ReplayLimits.MaxParsedGrants];

    /// <summary>Reads grants; only canonical ones.</summary>
    public bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out AuthorizationDetails? grants)
    {
        HashCode hash = default;
        hash.AddBytes(json);
        ref AuthorizationDetails? slot = ref _slots[unchecked((uint)hash.ToHashCode()) % (uint)_slots.Length];
        grants = slot;
        if (grants is not null && grants.Canonical.SequenceEqual(json)) return true;
        if (!AuthorizationDetails.TryParse(json, out grants, out _) || !grants.Canonical.SequenceEqual(json)) return false;
        slot = grants;
        return true;
    }
}
