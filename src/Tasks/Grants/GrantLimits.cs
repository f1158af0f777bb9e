namespace Spiffe.Agent.Tasks.Grants;

/// <summary>How large a grant may be. All ours: RFC 9396 sets none. What passes one is refused, or dropped where grants meet.</summary>
public static class GrantLimits
{
    /// <summary>UTF-8 bytes of all details together, canonical or as they came. 64 KiB.</summary>
    public const int MaxJsonLength = 64 * 1024;

    /// <summary>Levels of nesting that are read; a grant has five.</summary>
    public const int MaxDepth = 8;

    /// <summary>Details of one grant.</summary>
    public const int MaxDetails = 64;

    /// <summary>Entries of one list: locations, actions, datatypes, audiences, values of one parameter.</summary>
    public const int MaxItems = 64;

    /// <summary>Parameters that one detail may restrict in each of the two ways.</summary>
    public const int MaxParameters = 32;

    /// <summary>Characters of a type, an action, a datatype, an audience, an identifier, a parameter's name or a value that is text.</summary>
    public const int MaxTermLength = 256;

    /// <summary>Characters of a location; what a SPIFFE ID may have.</summary>
    public const int MaxLocationLength = 2048;

    /// <summary>Most uses that can be counted.</summary>
    public const long MaxUses = 1_000_000_000;

    /// <summary>Last step of a sequence; the first is 1.</summary>
    public const int MaxStep = 64;

    /// <summary>Latest end: 9999-12-31T23:59:59Z, in seconds since 1970.</summary>
    public const long MaxNotAfter = 253_402_300_799;

    /// <summary>Attempts to fit counted details into one another before the answer is no.</summary>
    internal const int MaxCoverSteps = 20_000;
}
