using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Identity.X509;

/// <summary>What came of checking a chain: what it is, or the rule that it broke.</summary>
public readonly record struct X509SvidValidation
{
    private X509SvidValidation(X509SvidCertificate? svid, X509SvidRule broken) => (Svid, Broken) = (svid, broken);

    /// <summary>The checked SVID; set when, and only when, no rule was broken.</summary>
    public X509SvidCertificate? Svid { get; }

    /// <summary>The first rule that was broken.</summary>
    public X509SvidRule Broken { get; }

    [MemberNotNullWhen(true, nameof(Svid))]
    public bool IsValid => Svid is not null;

    internal static X509SvidValidation Valid(X509SvidCertificate svid) => new(svid, X509SvidRule.None);

    internal static X509SvidValidation Refused(X509SvidRule broken) => new(null, broken);
}
