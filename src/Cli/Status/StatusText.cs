using System.Globalization;
using Spiffe.Agent.Cli.Inventory;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Status;

/// <summary>The daemon's state for people.</summary>
internal static class StatusText
{
    public static string Write(GetStatusResponse status, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        page.Heading($"spiffe-agent {status.Version}", status.State)
            .Field("trust domain", status.TrustDomain)
            .Field("process", Number(status.ProcessId));
        if (status.StartedAt is { } started) page.Field("started", Moment.Relative(started.ToDateTimeOffset(), now));
        page.Field("entries", Number(status.Entries))
            .Field("identities", $"{Number(status.Identities)} live")
            .Field("tasks", TasksOf(status));
        if (OffboardedOf(status) is { Length: > 0 } offboarded) page.Field("ended tasks", offboarded);
        if (StandingOf(status, now) is { Length: > 0 } standing) page.Field("review", standing);
        page
            .Field("connections", $"{Number(status.Connections)}, {Moment.Count(status.Streams, "stream")} waiting for updates")
            .Field("issued", $"{Number(status.X509Issued)} X.509, {Number(status.JwtIssued)} JWT, {Number(status.WitIssued)} WIT")
            .Field("denied", Moment.Count(status.Denied, "call"));
        if (StrangersOf(status) is { Length: > 0 } strangers) page.Field("strangers", strangers);
        page
            .Field("re-attested", $"{Moment.Count(status.Reattested, "time")}: {Number(status.ReattestedChanged)} changed, {Number(status.ReattestedEnded)} ended");
        if (status.Log is { } log) page.Field("log", LogText.Of(log.Origin, log.Size, log.Lost, log.Fault));
        if (status.ChangesSeen.Length > 0) page.Field("changes", status.ChangesSeen);

        if (status.Attestors.Count > 0) page.Heading("attestors").Table([["TYPE", "ASKED", "FAILED", "LAST FAILURE"], .. status.Attestors.Select(a => Row(a, now))]);
        if (status.Sockets.Count > 0) page.Heading("sockets").Table([["PURPOSE", "MODE", "PATH"], .. status.Sockets.Select(s => Row(s.Purpose, s.Mode, s.Path))]);
        if (status.SigningKeys.Count > 0) page.Heading("signing keys").Table([["PURPOSE", "STATE", "ALGORITHM", "EXPIRES", "ID"], .. status.SigningKeys.Select(k => Row(k, now))]);
        if (status.Protections.Count > 0)
        {
            page.Heading("protections").Table([["NAME", "HOLDS", "DETAIL"], .. status.Protections.Select(p => Row(p.Name, p.Holds ? "yes" : "NO", p.Detail))]);
        }

        return page.ToString();
    }

    private static string TasksOf(GetStatusResponse status)
    {
        if (status is { Tasks: 0, Standing: 0 }) return "none";
        string waits = status.TasksWaiting > 0 ? $", {Number(status.TasksWaiting)} waiting for approval" : "";
        string pauses = status.TasksSuspended > 0 ? $", {Number(status.TasksSuspended)} suspended" : "";
        return $"{Number(status.Tasks)} live{waits}{pauses}; {Moment.Count(status.TaskCredentials, "credential")}; {Number(status.Standing)} standing";
    }

    /// <summary>What came of looking behind tasks; empty: none ended.</summary>
    private static string OffboardedOf(GetStatusResponse status)
    {
        if (status.Offboarded is not { } all || all is { Verified: 0, ResidueFound: 0, Incomplete: 0, StillAccepted: 0 }) return "";
        List<string> outcomes = [$"{Number(all.Verified)} verified"];
        if (all.Incomplete > 0) outcomes.Add($"{Number(all.Incomplete)} not looked behind wholly");
        if (all.ResidueFound > 0) outcomes.Add($"{Number(all.ResidueFound)} LEFT RESIDUE");
        if (all.StillAccepted > 0) outcomes.Add($"{Number(all.StillAccepted)} STILL ACCEPTED");
        return string.Join(", ", outcomes);
    }

    private static string StandingOf(GetStatusResponse status, DateTimeOffset now)
    {
        string next = status.NextReview is { } review ? $"{status.NextReviewTemplate} stops {Moment.Relative(review.ToDateTimeOffset(), now)}" : "";
        return status.StandingOverdue == 0 ? next : $"{Number(status.StandingOverdue)} OVERDUE, stopped{(next.Length > 0 ? $"; {next}" : "")}";
    }

    private static string StrangersOf(GetStatusResponse status)
    {
        if (status is { Strangers: 0, StrangersUnlisted: 0 }) return "";
        string more = status.StrangersUnlisted > 0 ? $", and {Moment.Count(status.StrangersUnlisted, "call")} of more than can be listed" : "";
        return $"{Moment.Count(status.Strangers, "program")} without identity or template{more}: see 'inventory'";
    }

    private static string[] Row(params string[] cells) => cells;

    private static string[] Row(SigningKey key, DateTimeOffset now) =>
        [key.Purpose, key.State, key.Algorithm, key.NotAfter is { } end ? Moment.Distance(end.ToDateTimeOffset(), now) : "", key.Id];

    private static string[] Row(Attestor attestor, DateTimeOffset now) =>
        [attestor.Type, Number(attestor.Asked), Number(attestor.Failed), attestor.LastFailureAt is { } at ? $"{Moment.Distance(at.ToDateTimeOffset(), now)}: {SafeText.Of(attestor.LastFailure)}" : ""];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
