using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance;

/// <summary>An entry as an explanation shows it.</summary>
/// <param name="Name">Names the entry to people and tools.</param>
/// <param name="Id">The SPIFFE ID that is earned, or the template where not all of it could be filled.</param>
/// <param name="Selectors">All of what it asks for, secrets included.</param>
/// <param name="Missing">What the process lacks; empty when the entry matches.</param>
/// <param name="Hint">The operator's word on its use; empty when there is none.</param>
/// <param name="Priority">Higher comes first.</param>
/// <param name="Origin">Where it was written, such as <c>/etc/spiffe-agent/agent.yaml:12</c>.</param>
public sealed record ExplainedEntry(string Name, string Id, SelectorSet Selectors, ImmutableArray<Selector> Missing, string Hint, int Priority, string Origin)
{
    internal static ExplainedEntry Of(Grant grant) => Of(grant.Entry, grant.Id.ToString(), []);

    internal static ExplainedEntry Of(NearMiss miss) => Of(miss.Entry, [miss.Missing]);

    internal static ExplainedEntry Of(Entry entry, ImmutableArray<Selector> missing) => Of(entry, entry.Id.ToString(), missing);

    private static ExplainedEntry Of(Entry entry, string id, ImmutableArray<Selector> missing) =>
        new(entry.Name, id, entry.Selectors, missing, entry.Hint ?? "", entry.Priority, entry.Origin.ToString());
}
