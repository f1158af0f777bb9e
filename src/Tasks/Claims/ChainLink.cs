namespace Spiffe.Agent.Tasks.Claims;

/// <summary>One who stands between the root and a task.</summary>
/// <param name="Id">A SPIFFE ID, or the subject on whose behalf it all is.</param>
/// <param name="GrantDigest">Digest of what it was granted; null where that is not ours to say.</param>
public sealed record ChainLink(string Id, string? GrantDigest);
