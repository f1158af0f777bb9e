namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>What one place in a status list is used for.</summary>
internal enum StatusPlace : byte
{
    /// <summary>For nothing.</summary>
    Free,

    /// <summary>Promised to a token that is being minted.</summary>
    Reserved,

    /// <summary>A token's, until the ledger forgets it.</summary>
    Taken,

    /// <summary>Was a token's; lists that say something of that token may still be out.</summary>
    Resting,
}
