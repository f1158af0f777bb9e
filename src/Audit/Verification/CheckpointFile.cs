using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Reads the newest head of a directory; nothing of it is verified yet.</summary>
internal static class CheckpointFile
{
    /// <summary>Null, and a finding, where there is none.</summary>
    public static (SignedNote Note, Checkpoint Head)? Read(LogFiles files, FindingList findings)
    {
        byte[] buffer = [];
        FileOutcome outcome = files.Read(TilePath.Checkpoint, SignedNote.MaxLength, ref buffer, out int length);
        if (outcome != FileOutcome.Done)
        {
            findings.Add(outcome, FindingKind.CheckpointMissing, TilePath.Checkpoint);
            return null;
        }

        if (SignedNote.TryParse(buffer.AsSpan(0, length), out SignedNote? note, out string fault) && Checkpoint.TryParse(note.Text, out Checkpoint? head, out fault)) return (note, head);
        findings.Add(FindingKind.CheckpointMalformed, TilePath.Checkpoint, null, fault);
        return null;
    }

    /// <summary>How large the log is by now, as the file says; 0: it does not.</summary>
    public static long SizeNow(LogFiles files) => Read(files, new FindingList())?.Head.Size ?? 0;
}
