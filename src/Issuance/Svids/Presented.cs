using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>One identity as its holder sees it.</summary>
/// <param name="Id">The SPIFFE ID.</param>
/// <param name="Svid">The document and its key. Belongs to the identity; live as long as the answer that presents it is being written.</param>
/// <param name="Hint">The operator's word on its use; empty when there is none. Unique within one answer (Workload API §5.2.1, §6.2.1, §7.2.1).</param>
public readonly record struct Presented<TSvid>(SpiffeId Id, TSvid Svid, string Hint);
