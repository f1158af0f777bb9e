using Spiffe.Agent.Residue.Needles;

namespace Spiffe.Agent.Residue.Reports;

/// <summary>A credential where none should be. Says where and which, and never the credential.</summary>
/// <param name="Place">What kind of place.</param>
/// <param name="Path">Which: a path, or a process. What of a name is a credential itself is left out.</param>
/// <param name="Offset">Bytes before it; of what was unpacked, in what came out.</param>
/// <param name="CredentialKind">What was found.</param>
/// <param name="CredentialId">Its serial number or token id.</param>
/// <param name="Form">In which spelling.</param>
public sealed record ResidueFinding(PlaceKind Place, string Path, long Offset, string CredentialKind, string CredentialId, NeedleForm Form);
