namespace Spiffe.Agent.Registration;

/// <summary>What can stand against a change of the entries.</summary>
public enum EntryRefusalReason
{
    /// <summary>Another entry grants the same id to the same selectors.</summary>
    Exists = 1,

    /// <summary>One caller could match both entries and get one hint twice.</summary>
    HintTaken,

    /// <summary>More entries than can be compared have the hint and no kind of selector in common.</summary>
    HintTooCommon,

    /// <summary>No entry has that name, or grants that id.</summary>
    NotFound,

    /// <summary>Several entries have names that begin so, or grant that id.</summary>
    Ambiguous,

    /// <summary>The entry was not given over the admin socket: it is changed where it was written.</summary>
    WrittenElsewhere,

    /// <summary>There would be more entries than the limit allows.</summary>
    Full,

    /// <summary>The entries could not be kept, so nothing was changed.</summary>
    NotKept,
}
