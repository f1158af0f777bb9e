using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>An explanation as the wire has it. No value of an environment variable is in it, neither as evidence nor in an entry.</summary>
internal static class ExplainMessages
{
    public static ExplainResponse Of(Explanation explanation)
    {
        ExplainResponse response = new() { ProcessId = explanation.ProcessId, Command = explanation.Command };
        if (explanation.Process is { } process) Describe(process, response);
        response.Evidence.AddRange(explanation.Evidence.Select(e => new Evidence { Selector = SelectorSecrecy.Shown(e.Selector), Source = e.Source }));
        response.Refused.AddRange(explanation.Refused.Select(r => new Protocols.Admin.Refusal { Attestor = r.Attestor, What = r.What, Reason = r.Reason, Code = r.Code }));
        response.Failed.AddRange(explanation.Failed);
        response.Matched.AddRange(explanation.Matched.Select(Of));
        response.Undecided.AddRange(explanation.Undecided.Select(Of));
        response.Nearly.AddRange(explanation.Nearly.Select(Of));
        return response;
    }

    private static EntryMatch Of(ExplainedEntry entry)
    {
        EntryMatch match = new() { EntryId = entry.Name, SpiffeId = entry.Id, Hint = entry.Hint, Priority = entry.Priority, Origin = entry.Origin };
        match.Selectors.AddRange(entry.Selectors.Select(SelectorSecrecy.Shown));
        match.Missing.AddRange(entry.Missing.Select(SelectorSecrecy.Shown));
        return match;
    }

    private static void Describe(ExplainedProcess process, ExplainResponse response)
    {
        response.UserId = process.UserId;
        response.GroupId = process.GroupId;
        response.Executable = process.Executable ?? "";
        if (process.StartedAt is { } started) response.StartedAt = Timestamp.FromDateTimeOffset(started);
        response.Cgroup = new Cgroup
        {
            Path = process.CgroupPath ?? "",
            Refusal = process.CgroupFault ?? "",
            Unit = process.Unit ?? "",
            Slice = process.Slice ?? "",
            UserUnit = process.UserUnit ?? "",
            Runtime = process.Runtime ?? "",
            ContainerId = process.ContainerId ?? "",
            PodUid = process.PodUid ?? "",
            ContainerdNamespace = process.ContainerdNamespace ?? "",
        };
        if (process.UserManager is { } user) response.Cgroup.UserManager = user;
        if (process.RootlessUserId is { } rootless) response.Cgroup.RootlessUserId = rootless;
    }
}
