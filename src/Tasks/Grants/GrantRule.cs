namespace Spiffe.Agent.Tasks.Grants;

/// <summary>A rule that a grant's JSON broke.</summary>
public enum GrantRule
{
    None,

    /// <summary>Not JSON, not UTF-8, or nested too deep.</summary>
    Malformed,

    /// <summary>More than a limit of <see cref="GrantLimits"/>.</summary>
    TooLarge,

    /// <summary>A member, a constraint or a name that is not ours: what is not understood cannot be enforced.</summary>
    Unknown,

    /// <summary>There twice.</summary>
    Duplicate,

    /// <summary>Not there, and must be.</summary>
    Missing,

    /// <summary>Of another JSON type.</summary>
    WrongType,

    /// <summary>A text with characters that do not belong there, or empty.</summary>
    Text,

    /// <summary>Not an absolute URI as we read them.</summary>
    Location,

    /// <summary>A number out of range, or of more digits than are exact.</summary>
    Number,

    /// <summary>A step of a sequence whose earlier steps are not there.</summary>
    Sequence,
}
