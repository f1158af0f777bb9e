using Spiffe.Agent.Residue;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>What was signed, by its number.</summary>
/// <param name="Id">Serial number or token id.</param>
/// <param name="ExpiresAt">Until when it holds.</param>
/// <param name="IssuerKeyId">Of a certificate: the key identifier of its issuer, in whose revocation list it would stand; else empty.</param>
internal readonly record struct SignedSvid(string Id, DateTimeOffset ExpiresAt, string IssuerKeyId)
{
    /// <summary>Takes the print of what is secret in it, given who takes it and what kind it is; null: nothing in it is secret.</summary>
    public Func<Fingerprinter, string, CredentialPrint>? Print { get; init; }
}
