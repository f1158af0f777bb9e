namespace Spiffe.Agent.Issuance.Svids;

/// <summary>Whether what was signed may leave the daemon.</summary>
internal enum Leaving
{
    /// <summary>It may, once the journal is safe.</summary>
    Yes,

    /// <summary>It must not: what it rests on has ended meanwhile, or there is no room for it.</summary>
    No,

    /// <summary>It must not now: it cannot be written down. What lives goes on until it expires.</summary>
    Unrecorded,
}
