using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification.Files;
using Spiffe.Agent.Audit.Witnessing;

namespace Spiffe.Agent.Audit.Verification.Heads;

/// <summary>A head that the log must still hold: one that the caller kept, or the newest that witnesses cosigned.</summary>
/// <param name="Note">With its signatures; nothing of it is verified yet.</param>
/// <param name="Head">What it says.</param>
/// <param name="Place">Its file, or what stands for it.</param>
internal sealed record KeptHead(SignedNote Note, Checkpoint Head, string Place)
{
    /// <summary>What stands for the file of a head that the caller kept.</summary>
    public const string CallersPlace = "(kept checkpoint)";

    public bool IsCallers => Place == CallersPlace;

    /// <summary>Those that the caller kept; what is none is a finding.</summary>
    public static IEnumerable<KeptHead> Of(IEnumerable<SignedNote> kept, FindingList findings)
    {
        foreach (SignedNote note in kept)
        {
            if (Checkpoint.TryParse(note.Text, out Checkpoint? head, out string fault)) yield return new KeptHead(note, head, CallersPlace);
            else findings.Add(FindingKind.KeptRefused, CallersPlace, null, fault);
        }
    }

    /// <summary>The newest head that witnesses cosigned; null: the log has none, or, with a finding, it cannot be understood.</summary>
    public static KeptHead? Witnessed(LogFiles files, FindingList findings)
    {
        byte[] buffer = [];
        FileOutcome outcome = files.Read(WitnessRounds.FileName, SignedNote.MaxLength, ref buffer, out int length);
        if (outcome == FileOutcome.Missing) return null;
        if (outcome != FileOutcome.Done) findings.Add(outcome, FindingKind.HistoryMalformed, WitnessRounds.FileName);
        else if (SignedNote.TryParse(buffer.AsSpan(0, length), out SignedNote? note, out string fault) && Checkpoint.TryParse(note.Text, out Checkpoint? head, out fault)) return new KeptHead(note, head, WitnessRounds.FileName);
        else findings.Add(FindingKind.HistoryMalformed, WitnessRounds.FileName, null, fault);
        return null;
    }
}
