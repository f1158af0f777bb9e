using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Which credentials a worker wants.</summary>
/// <param name="X509">The X.509-SVID.</param>
/// <param name="Wit">The WIT-SVID.</param>
/// <param name="Audiences">Whom a JWT-SVID is to be for; null: none is wanted.</param>
public sealed record TaskCredentialWish(bool X509, bool Wit, AudienceSet? Audiences);
