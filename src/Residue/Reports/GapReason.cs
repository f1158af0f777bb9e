namespace Spiffe.Agent.Residue.Reports;

/// <summary>Why a place was not looked at, or not to its end.</summary>
public enum GapReason
{
    /// <summary>It may not be read, or reading it fails.</summary>
    NotReadable,

    /// <summary>A symbolic link stands where a directory was declared: it may lead anywhere.</summary>
    Link,

    /// <summary>Another file system is mounted there, which was not declared.</summary>
    Mount,

    /// <summary>A block device: a disk of its own.</summary>
    Device,

    /// <summary>What this daemon sees there is not what the work saw.</summary>
    Hidden,

    /// <summary>It is packed in a way that cannot be unpacked here, or breaks off.</summary>
    Packed,

    /// <summary>Nobody knows where it would be.</summary>
    Unknown,

    /// <summary>What reads it is not there, or failed.</summary>
    Tool,

    /// <summary>More bytes than may be read.</summary>
    TooLarge,

    /// <summary>More files than may be looked at.</summary>
    TooMany,

    /// <summary>Directories within directories, past the limit.</summary>
    TooDeep,

    /// <summary>It took longer than it may.</summary>
    OutOfTime,

    /// <summary>The daemon stopped, or had too many searches to do.</summary>
    NotDone,

    /// <summary>Credentials of which no print is there to look for.</summary>
    NoPrint,
}
