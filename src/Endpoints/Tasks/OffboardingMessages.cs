using Spiffe.Agent.Issuance.Offboarding;
using Wire = Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Endpoints.Tasks;

/// <summary>Whether anything of a task remains, as the wire has it.</summary>
internal static class OffboardingMessages
{
    public static Wire.OffboardingOutcome Outcome(OffboardingState state) => state switch
    {
        OffboardingState.Running => Wire.OffboardingOutcome.Running,
        OffboardingState.Verified => Wire.OffboardingOutcome.Verified,
        OffboardingState.ResidueFound => Wire.OffboardingOutcome.ResidueFound,
        OffboardingState.Incomplete => Wire.OffboardingOutcome.Incomplete,
        _ => Wire.OffboardingOutcome.StillAccepted,
    };

    public static void Write(Wire.OffboardingReceipt message, OffboardingCheck check)
    {
        message.Outcome = Outcome(check.State);
        message.CheckedAt = check.CheckedAt is { } at ? TaskMessages.Moment(at) : null;
        message.Note = check.Note;
        foreach (ChannelCheck channel in check.Channels)
        {
            Wire.RefusalCheck told = new() { Channel = channel.Channel, Tested = channel.Tested };
            told.Accepted.AddRange(channel.Accepted);
            message.Checks.Add(told);
        }

        if (check.Residue is not { } residue) return;
        (message.FindingsInAll, message.GapsInAll) = (residue.FindingsInAll, residue.GapsInAll);
        message.Findings.AddRange(residue.Findings.Select(found => new Wire.ResidueFinding
        {
            Place = ReceiptNote.Name(found.Place),
            Path = found.Path,
            Offset = found.Offset,
            CredentialKind = found.CredentialKind,
            Credential = found.CredentialId,
            Form = ReceiptNote.Name(found.Form),
        }));
        message.Gaps.AddRange(residue.Gaps.Select(gap => new Wire.ResidueGap { Place = ReceiptNote.Name(gap.Place), Path = gap.Path, Reason = ReceiptNote.Name(gap.Reason), Detail = gap.Detail }));
    }
}
