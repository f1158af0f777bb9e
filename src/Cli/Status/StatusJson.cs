using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Status;

/// <summary>The daemon's state for programs: docs/cli.md.</summary>
internal static class StatusJson
{
    public static string Write(GetStatusResponse status) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteString("version", status.Version);
        json.WriteString("state", status.State);
        json.WriteString("trust_domain", status.TrustDomain);
        json.WriteNumber("process_id", status.ProcessId);
        if (status.StartedAt is { } started) json.WriteMoment("started_at", started.ToDateTimeOffset());
        json.WriteNumber("entries", status.Entries);
        json.WriteNumber("identities", status.Identities);
        json.WriteNumber("tasks", status.Tasks);
        json.WriteNumber("tasks_waiting", status.TasksWaiting);
        json.WriteNumber("tasks_suspended", status.TasksSuspended);
        json.WriteNumber("standing", status.Standing);
        json.WriteNumber("task_credentials", status.TaskCredentials);
        json.WriteNumber("connections", status.Connections);
        json.WriteNumber("streams", status.Streams);
        json.WriteNumber("x509_issued", status.X509Issued);
        json.WriteNumber("jwt_issued", status.JwtIssued);
        json.WriteNumber("wit_issued", status.WitIssued);
        json.WriteNumber("denied", status.Denied);
        json.WriteNumber("reattested", status.Reattested);
        json.WriteNumber("reattested_changed", status.ReattestedChanged);
        json.WriteNumber("reattested_ended", status.ReattestedEnded);
        json.WriteString("changes_seen", status.ChangesSeen);
        if (status.NextReview is { } review) json.WriteMoment("next_review", review.ToDateTimeOffset());
        if (status.NextReview is not null) json.WriteString("next_review_template", status.NextReviewTemplate);
        json.WriteNumber("standing_overdue", status.StandingOverdue);
        json.WriteNumber("strangers", status.Strangers);
        json.WriteNumber("strangers_unlisted", status.StrangersUnlisted);
        if (status.Offboarded is { } offboarded)
        {
            json.WriteStartObject("offboarded");
            json.WriteNumber("verified", offboarded.Verified);
            json.WriteNumber("residue_found", offboarded.ResidueFound);
            json.WriteNumber("incomplete", offboarded.Incomplete);
            json.WriteNumber("still_accepted", offboarded.StillAccepted);
            json.WriteEndObject();
        }

        if (status.Log is { } log)
        {
            json.WriteStartObject("log");
            json.WriteString("origin", log.Origin);
            json.WriteNumber("size", log.Size);
            json.WriteNumber("published", log.Published);
            json.WriteNumber("waiting", log.Waiting);
            json.WriteNumber("lost", log.Lost);
            json.WriteBoolean("writable", log.Fault.Length == 0);
            json.WriteString("fault", log.Fault);
            json.WriteEndObject();
        }

        json.WriteObjects("attestors", status.Attestors, (_, attestor) =>
        {
            json.WriteString("type", attestor.Type);
            json.WriteNumber("asked", attestor.Asked);
            json.WriteNumber("failed", attestor.Failed);
            json.WriteString("last_failure", attestor.LastFailure);
            if (attestor.LastFailureAt is { } at) json.WriteMoment("last_failure_at", at.ToDateTimeOffset());
        });
        json.WriteObjects("sockets", status.Sockets, (_, socket) =>
        {
            json.WriteString("purpose", socket.Purpose);
            json.WriteString("path", socket.Path);
            json.WriteString("mode", socket.Mode);
        });
        json.WriteObjects("signing_keys", status.SigningKeys, (_, key) =>
        {
            json.WriteString("purpose", key.Purpose);
            json.WriteString("id", key.Id);
            json.WriteString("state", key.State);
            json.WriteString("algorithm", key.Algorithm);
            if (key.NotBefore is { } begin) json.WriteMoment("not_before", begin.ToDateTimeOffset());
            if (key.NotAfter is { } end) json.WriteMoment("not_after", end.ToDateTimeOffset());
        });
        json.WriteObjects("protections", status.Protections, (_, protection) =>
        {
            json.WriteString("name", protection.Name);
            json.WriteBoolean("holds", protection.Holds);
            json.WriteString("detail", protection.Detail);
        });
    });
}
