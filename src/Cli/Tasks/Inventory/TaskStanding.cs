using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks.Changes;
using Spiffe.Agent.Cli.Tasks.Connection;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Tasks.Inventory;

/// <summary><c>task standing</c>: who holds access without a task, why, and until when somebody must have looked at it.</summary>
internal static class TaskStanding
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("standing", "List persistent access: who holds it without a task, why, and when it is to be reviewed.");
        AdminOptions options = AdminOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using TaskAdminClient client = new(endpoint.Address);
            ListStandingAccessResponse standing = await endpoint.AskAsync(client.StandingAsync, ChangedTasks.Remedy, cancellationToken);
            terminal.Out.Write(options.IsJson(parsed) ? Json(standing) : Text(standing, terminal.Time.GetUtcNow(), terminal.IsStyled));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Text(ListStandingAccessResponse standing, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        if (standing.Access.Count == 0) return page.Raw("no standing access: every template is for tasks").ToString();
        foreach (StandingAccess access in standing.Access)
        {
            page.Heading(access.SpiffeId, access.IsOverdue ? "stopped: its review date has passed" : "").Field("template", access.Template).Field("owner", access.Owner).Field("reason", access.Reason);
            if (access.ReviewBy is { } review) page.Field("review by", Moment.Relative(review.ToDateTimeOffset(), now));
            for (int i = 0; i < access.Selectors.Count; i++) page.Field(i == 0 ? "selectors" : "", access.Selectors[i]);
        }

        return page.ToString();
    }

    private static string Json(ListStandingAccessResponse standing) => JsonText.Object(onOneLine: false, json => json.WriteObjects("access", standing.Access, (_, access) =>
    {
        json.WriteString("template", access.Template);
        json.WriteString("spiffe_id", access.SpiffeId);
        json.WriteString("owner", access.Owner);
        json.WriteString("reason", access.Reason);
        TaskJson.WriteMoment(json, "review_by", access.ReviewBy);
        json.WriteBoolean("overdue", access.IsOverdue);
        json.WriteTexts("selectors", access.Selectors);
    }));
}
