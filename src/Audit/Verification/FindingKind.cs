namespace Spiffe.Agent.Audit.Verification;

/// <summary>What verifying a log may find. Names are stable: they are printed, and scripts read them.</summary>
public enum FindingKind
{
    /// <summary>There is no <c>checkpoint</c>: nothing says what the log is.</summary>
    CheckpointMissing,

    /// <summary><c>checkpoint</c> is not a signed note that holds a checkpoint.</summary>
    CheckpointMalformed,

    /// <summary>The key that is in force has not signed the newest checkpoint.</summary>
    CheckpointUnsigned,

    /// <summary>Fewer witnesses cosigned the newest checkpoint than the policy asks for.</summary>
    QuorumMissing,

    /// <summary>What is there leads to another root than the one that was signed.</summary>
    RootMismatch,

    /// <summary><c>log.vkey</c> cannot be understood.</summary>
    KeysMalformed,

    /// <summary>The keys in <c>log.vkey</c> are not those that the entries name, or the trusted one is not among them.</summary>
    KeysDiffer,

    /// <summary>A key followed another one, and the older has not signed for that.</summary>
    KeyNotVouched,

    /// <summary><c>checkpoints</c> cannot be understood, or its heads are not in order.</summary>
    HistoryMalformed,

    /// <summary>The key that was in force has not signed an older head.</summary>
    HistoryUnsigned,

    /// <summary>An older head has another root than the tree had at that size.</summary>
    HistoryMismatch,

    /// <summary>A checkpoint that the caller kept is none of this log's.</summary>
    KeptRefused,

    /// <summary>The log is shorter than a head that it signed.</summary>
    Rollback,

    /// <summary>Two heads that the log signed belong to different histories.</summary>
    Fork,

    TileMissing,

    /// <summary>A tile has not the size that the layout says.</summary>
    TileMalformed,

    /// <summary>A tile holds another hash than what is beneath it has.</summary>
    TileChanged,

    /// <summary>Entries are not there, and no <c>log_cut</c> says so.</summary>
    EntriesMissing,

    /// <summary>A bundle holds fewer or more entries than it should, or a torn one.</summary>
    BundleMalformed,

    /// <summary>An entry is not canonical JSON, or not an entry.</summary>
    EntryMalformed,

    /// <summary>An entry says that it belongs elsewhere.</summary>
    EntryMisplaced,

    /// <summary>An entry is not the one that the tree holds.</summary>
    EntryChanged,

    /// <summary>An entry does not name the one before it.</summary>
    ChainBroken,

    /// <summary>The journal cannot be understood before its end, or does not begin where the tiles end.</summary>
    JournalMalformed,

    /// <summary>A file of bodies cannot be understood.</summary>
    BodiesMalformed,

    /// <summary>A body is not the one that its entry committed to.</summary>
    BodyChanged,

    /// <summary>A tile or bundle beyond everything that was signed or journaled.</summary>
    BeyondHead,

    /// <summary>A link, a pipe, a socket or a device where a file belongs, or a directory.</summary>
    UnsafeFile,

    /// <summary>A file is longer than it can be.</summary>
    TooLong,

    /// <summary>The system does not let a file be read.</summary>
    Unreadable,

    /// <summary>Remark: the last write to <c>checkpoints</c> was cut short; that head does not count.</summary>
    HistoryTorn,

    /// <summary>Remark: the last write to the journal was cut short; it was not acknowledged.</summary>
    JournalTorn,

    /// <summary>Remark: old entries are not kept any more, as the log itself says; the tree still proves the rest.</summary>
    EntriesCut,

    /// <summary>Remark: bodies or the journal are there, and this user may not read them.</summary>
    PrivateUnread,

    /// <summary>Remark: enough witnesses cosigned an older head, not the newest.</summary>
    Unwitnessed,

    /// <summary>Remark: a file that is no part of a log.</summary>
    Foreign,

    /// <summary>Remark: what an interrupted write left beside its file.</summary>
    LeftOver,

    /// <summary>Remark: the log grew meanwhile; what came after the beginning was not looked at.</summary>
    Growing,
}
