namespace Spiffe.Agent.Attestation.Http;

/// <summary>A service on a Unix socket, and whose it must be.</summary>
/// <param name="Host">What requests call it. Within one client it names one path and one owner, so that no connection is used for another's requests.</param>
/// <param name="Path">Absolute path of the socket.</param>
/// <param name="Owner">User id that must own the socket and must be the one who listens; root may own directories above it, nobody else.</param>
internal sealed record UnixEndpoint(string Host, string Path, uint Owner);
