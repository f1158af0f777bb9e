namespace Spiffe.Agent.Issuance.Journal;

/// <summary>What became of a text that was to be erased.</summary>
public enum ErasureOutcome
{
    /// <summary>It is gone, with its salt.</summary>
    Erased,

    /// <summary>The entry has none, or it was erased before.</summary>
    NothingThere,

    /// <summary>There is no such entry.</summary>
    NoSuchEntry,

    /// <summary>It cannot be written down that it is erased, so it was not.</summary>
    NotRecorded,
}
