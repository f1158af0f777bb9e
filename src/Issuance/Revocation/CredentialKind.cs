namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>The kinds of credential that a task may hold.</summary>
public enum CredentialKind
{
    /// <summary>An X.509-SVID, named by its serial number.</summary>
    X509,

    /// <summary>A JWT-SVID, named by its <c>jti</c>.</summary>
    Jwt,

    /// <summary>A WIT-SVID, named by its <c>jti</c>.</summary>
    Wit,

    /// <summary>A JWT-SVID for one action, named by its <c>jti</c>.</summary>
    ActionToken,
}
