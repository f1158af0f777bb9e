namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>Why a credential was not entered. Such a credential must not leave the daemon.</summary>
public enum LedgerRefusal
{
    /// <summary>It was entered: it may leave.</summary>
    None,

    /// <summary>Its task is not open: it never was, or it has ended.</summary>
    TaskNotOpen,

    /// <summary>Its generation was revoked, perhaps while it was being minted.</summary>
    GenerationRevoked,

    /// <summary>The ledger is full. It forgets nothing that lives to make room.</summary>
    Full,

    /// <summary>The task holds as many as one task may.</summary>
    TaskFull,

    /// <summary>A credential of that name is in the ledger.</summary>
    Repeated,

    /// <summary>It has expired, or would live longer than the ledger keeps anything.</summary>
    Lifetime,
}
