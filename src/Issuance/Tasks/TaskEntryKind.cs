namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>What is written down of tasks.</summary>
public enum TaskEntryKind
{
    /// <summary>A task was asked for and refused.</summary>
    Refused,

    /// <summary>A task began, or waits for approval.</summary>
    Started,

    /// <summary>What it says that it is for.</summary>
    Declared,

    /// <summary>Somebody agreed.</summary>
    Approved,

    /// <summary>Somebody did not, or nobody answered.</summary>
    Denied,

    /// <summary>An SVID was signed and may leave.</summary>
    Issued,

    /// <summary>An action was permitted; its token was signed and may leave.</summary>
    Permitted,

    /// <summary>An action was not.</summary>
    Withheld,

    /// <summary>A token was used, as somebody reported or saw.</summary>
    Used,

    /// <summary>The lease was renewed.</summary>
    Renewed,

    /// <summary>It was attested and decided anew, and nothing changed.</summary>
    Reevaluated,

    /// <summary>The intent is another, within what is granted.</summary>
    IntentChanged,

    /// <summary>It may do less than before.</summary>
    Narrowed,

    /// <summary>It pauses.</summary>
    Suspended,

    /// <summary>It goes on.</summary>
    Resumed,

    /// <summary>Credentials are dead from here on.</summary>
    Revoked,

    /// <summary>It is over.</summary>
    Ended,

    /// <summary>Its processes were frozen or killed.</summary>
    Contained,

    /// <summary>It was looked whether anything of it remains.</summary>
    Offboarded,

    /// <summary>A credential was presented where it does not count.</summary>
    Misused,
}
