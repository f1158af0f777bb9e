namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>A credential in the ledger. Guarded by the ledger's lock.</summary>
internal sealed class LedgerEntry(CredentialRecord record, LedgerTask task)
{
    public CredentialRecord Record => record;

    public LedgerTask Task => task;

    /// <summary>Where it stands among those of its task's credentials that can still die; negative when it is none of them.</summary>
    public int Slot { get; set; }

    public CredentialStatus Status { get; private set; }

    public RevocationReason Reason { get; private set; }

    public DateTimeOffset DeadSince { get; private set; }

    /// <summary>It is dead from now on; when it was already, it stays dead since then.</summary>
    public void Kill(RevocationReason reason, DateTimeOffset now)
    {
        if (Status == CredentialStatus.Valid) DeadSince = now;
        (Status, Reason) = (reason.Status(), reason);
    }

    public RevokedCredential Describe() => new(record, Status, Reason, DeadSince);
}
