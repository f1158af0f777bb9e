namespace Spiffe.Agent.Audit.Verification.Bodies;

/// <summary>What there is of the text that an entry may have committed to.</summary>
internal enum BodyState
{
    /// <summary>It committed to none.</summary>
    None,

    /// <summary>The text is there, and is the one.</summary>
    Open,

    /// <summary>It is not there any more, or may not be read.</summary>
    Erased,

    /// <summary>What is there is not the one.</summary>
    Changed,
}
