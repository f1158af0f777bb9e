namespace Spiffe.Agent.Audit.Store;

/// <summary>Something that an operator may want to see or count.</summary>
/// <param name="Kind">What.</param>
/// <param name="Index">Of a publication, the size that is covered; of a cut, the first entry that is kept; of another key, the index of the entry that names it.</param>
/// <param name="Detail">For people: of a fault, what is wrong and what can be done; of another key, the verifier key.</param>
public sealed record AuditStoreEvent(AuditStoreEventKind Kind, long Index, string Detail);
