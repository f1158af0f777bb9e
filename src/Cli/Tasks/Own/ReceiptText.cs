using System.Globalization;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Own;

/// <summary>What was done at the end of a task, for people.</summary>
internal static class ReceiptText
{
    public static string Write(OffboardingReceipt receipt, bool isStyled)
    {
        TextPage page = new(isStyled);
        page.Heading($"task {receipt.TaskId}", TaskWords.Of(receipt.State, receipt.Cause));
        page.Field("revoked", Moment.Count(receipt.RevokedCredentials.Count, "credential that had not expired", "credentials that had not expired"));
        for (int i = 0; i < receipt.EndedSubtasks.Count; i++) page.Field(i == 0 ? "ended with it" : "", receipt.EndedSubtasks[i]);
        foreach (Right right in receipt.Rights)
            page.Field(right.Used == 0 ? "never used" : "used", right.Used == 0 ? GrantText.Of(right.Detail) : string.Create(CultureInfo.InvariantCulture, $"{right.Used} × {GrantText.Of(right.Detail)}"));
        OffboardingText.Write(page, receipt);
        return page.ToString();
    }
}
