using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Benchmarks.Policy;

/// <summary>The floor: the rules of <see cref="Worlds"/> that are meant for the caller, as one would write them in C# over the same values.</summary>
internal sealed class HandWritten
{
    private readonly Value _purpose = Value.Of("support");
    private readonly Dictionary<EntityUid, EntityUid> _readers = new() { [Worlds.Alice] = Worlds.Folder };

    /// <summary>One look-up for whose rule it is, one for the resource, one comparison.</summary>
    public bool Simple(AuthorizationRequest request) =>
        _readers.TryGetValue(request.Principal, out EntityUid? folder) && request.Action.Equals(Worlds.Read) && folder.Equals(request.Resource)
        && request.Context.TryGet("mfa", out Value mfa) && mfa.TryGet(out bool isTrue) && isTrue;

    /// <summary>Membership, two attributes of the principal, three of the context, two of the resource.</summary>
    public bool Rich(AuthorizationRequest request, EntityStore entities)
    {
        if (!entities.IsIn(request.Principal, Worlds.Team) || !entities.IsIn(request.Resource, Worlds.Folder)) return false;
        if (!entities.TryGet(request.Principal, out EntityData? principal) || !entities.TryGet(request.Resource, out EntityData? resource)) return false;
        if (!request.Context.TryGet("address", out Value value) || !value.TryGet(out IpRange? address) || !address.IsInRange(Worlds.Office)) return false;
        if (!request.Context.TryGet("risk", out value) || !value.TryGet(out CedarDecimal risk) || risk.TenThousandths >= 5_000) return false;
        if (!request.Context.TryGet("session", out value) || !value.TryGet(out ValueRecord? session)) return false;
        if (!session.TryGet("level", out value) || !value.TryGet(out long level)) return false;
        if (!resource.Attributes.TryGet("level", out value) || !value.TryGet(out long needed) || level < needed) return false;
        return resource.Attributes.TryGet("purposes", out value) && value.TryGet(out ValueSet? purposes) && purposes.Contains(_purpose)
            && principal.Attributes.TryGet("suspended", out value) && value.TryGet(out bool isSuspended) && !isSuspended;
    }
}
