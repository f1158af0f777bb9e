using System.Globalization;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks;

/// <summary>Whether anything of a task remains, for people.</summary>
internal static class OffboardingText
{
    public static void Write(TextPage page, OffboardingReceipt receipt)
    {
        if (receipt.Outcome == OffboardingOutcome.Unspecified) return;
        page.Field("remains", receipt.Outcome switch
        {
            OffboardingOutcome.Running => "is being looked at: its credentials are refused",
            OffboardingOutcome.Verified => "nothing: verified",
            OffboardingOutcome.ResidueFound => string.Create(CultureInfo.InvariantCulture, $"found {receipt.FindingsInAll} times"),
            OffboardingOutcome.Incomplete => "not known: not everything could be looked at",
            _ => "credentials that still count",
        });
        foreach (RefusalCheck check in receipt.Checks)
        {
            if (check.Accepted.Count > 0) page.Field("still accepted", $"{check.Channel}: {string.Join(", ", check.Accepted)}");
        }

        foreach (ResidueFinding found in receipt.Findings)
            page.Field("residue", string.Create(CultureInfo.InvariantCulture, $"{found.Path} at {found.Offset}: {found.CredentialKind} {found.Credential} ({found.Form})"));
        foreach (ResidueGap gap in receipt.Gaps) page.Field("not looked at", $"{gap.Path} {gap.Reason} {gap.Detail}".Trim());
        if (receipt.Note.Length > 0) page.Field("signed", "by the log's key: --json has the note");
    }
}
