using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>What came of checking a credential here: by the rules of its kind, and by what is revoked on this node.</summary>
public readonly record struct CredentialCheck<TSvid>
    where TSvid : class
{
    private CredentialCheck(TSvid? svid, string broken, CredentialStatus status, CredentialRecord? credential) =>
        (Svid, Broken, Status, Credential) = (svid, broken, status, credential);

    /// <summary>The checked SVID; set when, and only when, no rule was broken and it is not revoked.</summary>
    public TSvid? Svid { get; }

    /// <summary>The first rule that was broken: one of its kind's, or <c>suspended</c>, <c>revoked</c>, or <c>unknown</c> for a task's SVID that is not in the ledger. Empty when none was.</summary>
    public string Broken { get; }

    /// <summary>What the ledger says; <see cref="CredentialStatus.Unknown"/> when it was not asked, and for what is no task's.</summary>
    public CredentialStatus Status { get; }

    /// <summary>The ledger's record, for a dead one too: which task it was of.</summary>
    public CredentialRecord? Credential { get; }

    [MemberNotNullWhen(true, nameof(Svid))]
    public bool IsValid => Svid is not null;

    internal static CredentialCheck<TSvid> Refused(string rule) => new(null, rule, CredentialStatus.Unknown, null);

    /// <summary>Adds the ledger's word to an SVID that broke no rule.</summary>
    internal static CredentialCheck<TSvid> Of(TSvid svid, bool isTask, (CredentialRecord Credential, CredentialStatus Status)? entry)
    {
        string broken = CredentialRule.BrokenBy(isTask, entry);
        return new CredentialCheck<TSvid>(broken.Length == 0 ? svid : null, broken, entry?.Status ?? CredentialStatus.Unknown, entry?.Credential);
    }
}
