using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Workloads;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>Which identities callers hold by entries now, and how many calls use each.</summary>
internal sealed class WorkloadCensus
{
    private readonly Dictionary<string, int> _callsOfEntry = new(StringComparer.Ordinal);

    private WorkloadCensus()
    {
    }

    /// <summary>By SPIFFE ID.</summary>
    public ImmutableArray<LiveIdentity> Identities { get; private set; } = [];

    /// <summary>Looks at each workload for itself; what comes and goes meanwhile may be missed.</summary>
    public static WorkloadCensus Take(WorkloadRegistry workloads)
    {
        WorkloadCensus census = new();
        Dictionary<IssuedIdentity, Held> all = [];
        foreach ((Workload workload, int calls) in workloads.Census())
        {
            (ImmutableArray<Grant> grants, ImmutableArray<(Entitlement Entitlement, IssuedIdentity Identity)> held, int streams) = workload.Census();
            foreach (Grant grant in grants) census._callsOfEntry[grant.Entry.Name] = census.CallsOf(grant.Entry.Name) + calls;
            foreach ((Entitlement entitlement, IssuedIdentity identity) in held)
            {
                if (!all.TryGetValue(identity, out Held? known)) all[identity] = known = new Held(entitlement.Id.ToString());
                known.Entries.Add(entitlement.Source);
                known.Calls += calls;
                known.Streams += streams;
            }
        }

        census.Identities =
        [
            .. all.Select(static held => new LiveIdentity(held.Value.Id, [.. held.Value.Entries], SvidsOf(held.Key), held.Value.Calls, held.Value.Streams))
                .OrderBy(static identity => identity.Id, StringComparer.Ordinal).ThenBy(static identity => identity.Entries[0], StringComparer.Ordinal),
        ];
        return census;
    }

    /// <summary>Calls that go on now of callers who earn this entry.</summary>
    public int CallsOf(string entry) => _callsOfEntry.GetValueOrDefault(entry);

    private static ImmutableArray<LiveSvid> SvidsOf(IssuedIdentity identity)
    {
        ImmutableArray<LiveSvid>.Builder svids = ImmutableArray.CreateBuilder<LiveSvid>();
        if (identity.X509.Peek(static svid => new LiveSvid(HouseRecords.NameOf(SvidKind.X509), svid.SerialNumber, svid.NotAfter)) is { } x509) svids.Add(x509);
        if (identity.Wit.Peek(static svid => new LiveSvid(HouseRecords.NameOf(SvidKind.Wit), svid.TokenId!, svid.ExpiresAt)) is { } wit) svids.Add(wit);
        svids.AddRange(identity.Jwt.Peek(static svid => new LiveSvid(HouseRecords.NameOf(SvidKind.Jwt), svid.TokenId!, svid.ExpiresAt)).OrderBy(static svid => svid.ExpiresAt).ThenBy(static svid => svid.Id, StringComparer.Ordinal));
        return svids.DrainToImmutable();
    }

    private sealed class Held(string id)
    {
        public string Id => id;

        public SortedSet<string> Entries { get; } = new(StringComparer.Ordinal);

        public int Calls { get; set; }

        public int Streams { get; set; }
    }
}
