namespace Spiffe.Agent.Audit.Verification.Files;

/// <summary>What came of opening something in a directory that an attacker may have filled.</summary>
internal enum FileOutcome
{
    /// <summary>It is there, and what it should be.</summary>
    Done,

    Missing,

    /// <summary>A link, a pipe, a socket, a device; or a directory where a file belongs, or the other way round. It was not followed and not read.</summary>
    Unsafe,

    /// <summary>Longer than it can be.</summary>
    TooLong,

    /// <summary>The system does not let it be read.</summary>
    Unreadable,
}
