namespace Spiffe.Agent.Tasks.Claims;

/// <summary>How much of a chain is written.</summary>
internal enum ChainForm
{
    /// <summary>Every link.</summary>
    Whole,

    /// <summary>The nearest links; those before them as digests.</summary>
    Nearest,

    /// <summary>One digest of all of it.</summary>
    Digest,
}
