using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Own;

/// <summary>A task as its own process sees it, for people.</summary>
internal static class HandleText
{
    public static string Write(TaskHandle handle, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        page.Heading($"task {handle.TaskId}", TaskWords.Of(handle.State, handle.Cause));
        if (handle.SpiffeId.Length > 0) page.Field("SPIFFE ID", handle.SpiffeId);
        if (handle.LeaseUntil is { } lease) page.Field("lease until", Moment.Relative(lease.ToDateTimeOffset(), now));
        if (handle.Deadline is { } deadline) page.Field("deadline", Moment.Relative(deadline.ToDateTimeOffset(), now));
        IReadOnlyList<string> grants = GrantText.All(handle.AuthorizationDetails);
        for (int i = 0; i < grants.Count; i++) page.Field(i == 0 ? "may" : "", grants[i]);
        foreach (DroppedGrant dropped in handle.Dropped) page.Field("not granted", $"{GrantText.Of(dropped.Detail)}: {dropped.Reason}");
        return page.ToString();
    }
}
