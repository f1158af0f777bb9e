using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Endpoints.Tasks;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>Tasks as operators' wire has them.</summary>
internal static class TaskAdminMessages
{
    public static TaskSummary Summary(TaskView task)
    {
        TaskSummary summary = new()
        {
            TaskId = task.Id.ToString(),
            SpiffeId = task.SpiffeId.ToString(),
            Template = task.Template,
            Owner = task.Owner,
            State = TaskMessages.State(task.State),
            Cause = task.Cause,
            Goal = task.Goal,
            Ticket = task.Ticket,
            ParentTaskId = task.Parent?.ToString() ?? "",
            CorrelationId = task.Correlation.ToString(),
            Depth = task.Depth,
            Generation = task.Generation,
            StartedAt = TaskMessages.Moment(task.StartedAt),
            LeaseUntil = TaskMessages.Moment(task.LeaseUntil),
            Deadline = TaskMessages.Moment(task.Deadline),
            EndedAt = Moment(task.EndedAt),
            LastUsedAt = Moment(task.LastUsedAt),
            BoundTo = task.BoundTo,
            ProcessId = task.ProcessId,
            UserId = task.UserId,
            Subject = task.Subject,
            LiveCredentials = task.Credentials.Length,
            Approval = TaskMessages.Approval(task.Approval),
            IsAutomatic = task.IsAutomatic,
            Uses = task.Rights.Sum(right => right.Used),
            Refusals = task.Withheld,
            Offboarding = task.Receipt is { } receipt ? OffboardingMessages.Outcome(receipt.Check.State) : default,
        };
        foreach ((string key, string value) in task.Labels) summary.Labels.Add(key, value);
        return summary;
    }

    public static TaskDetail Detail(TaskView task)
    {
        TaskDetail detail = new()
        {
            Summary = Summary(task),
            IntentS256 = task.IntentDigest,
            DecisionId = task.DecisionId,
            PolicyDigest = task.PolicyDigest,
            Executable = task.Executable,
            Receipt = task.Receipt is { } receipt ? TaskMessages.Receipt(receipt) : null,
        };
        detail.Rights.AddRange(task.Rights.Select(TaskMessages.Right));
        detail.Credentials.AddRange(task.Credentials.Select(c => new LiveCredential { Kind = c.Kind.ToLowerInvariant(), Id = c.Id, ExpiresAt = TaskMessages.Moment(c.ExpiresAt), Generation = c.Generation }));
        detail.Chain.AddRange(task.Chain);
        detail.Children.AddRange(task.Children.Select(id => id.ToString()));
        detail.DecidingPolicies.AddRange(task.DecidingPolicies);
        detail.Dropped.AddRange(task.Dropped.Select(TaskMessages.Dropped));
        return detail;
    }

    public static TasksChanged Changed(ImmutableArray<Issuance.Tasks.Views.TaskOutcome> outcomes)
    {
        TasksChanged changed = new();
        changed.Outcomes.AddRange(outcomes.Select(o => new Protocols.Admin.TaskOutcome
        {
            TaskId = o.Task.Id.ToString(),
            Changed = o.Changed,
            State = TaskMessages.State(o.Task.State),
            Detail = o.Detail,
        }));
        return changed;
    }

    /// <summary>An exception stops at the end of the day, UTC, by which somebody must have looked at it again.</summary>
    public static StandingAccess Standing(TaskTemplate template, TrustDomain trustDomain, DateTimeOffset now)
    {
        StandingAccess access = new()
        {
            Template = template.Name,
            SpiffeId = TaskSpiffeId.OfService(trustDomain, template.Name).ToString(),
            Owner = template.Owner,
            Reason = template.Reason,
            ReviewBy = Moment(template.ReviewBy is { } day ? StandingEntries.EndOf(day) : null),
            IsOverdue = !template.IsServedAt(now),
        };
        access.Selectors.AddRange(template.Starters.Select(Registration.SelectorSecrecy.Shown));
        return access;
    }

    private static Timestamp? Moment(DateTimeOffset? moment) => moment is { } at ? TaskMessages.Moment(at) : null;
}
