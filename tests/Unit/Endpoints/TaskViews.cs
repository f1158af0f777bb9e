using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Residue.Needles;
using Spiffe.Agent.Residue.Reports;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Tests.Unit.Endpoints;

/// <summary>A task with something in every field.</summary>
internal static class TaskViews
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static readonly TaskId Id = TaskId.New(), Parent = TaskId.New(), Child = TaskId.New();

    public static TaskView Full { get; } = new()
    {
        Id = Id,
        SpiffeId = SpiffeId.Parse($"spiffe://example.org/agent/review/task/{Id}"),
        Template = "review",
        Owner = "team-a",
        State = TaskState.Suspended,
        Generation = 2,
        Cause = "an operator said so",
        Grants = """[{"type":"repo"}]""",
        Dropped = [new DroppedRight("""{"type":"ticket"}""", "above the ceiling")],
        StartedAt = Now.AddMinutes(-5),
        LeaseUntil = Now.AddMinutes(5),
        Deadline = Now.AddHours(1),
        EndedAt = Now,
        LastUsedAt = Now.AddMinutes(-1),
        DecisionId = "d-1",
        PolicyDigest = "sha256:p",
        DecidingPolicies = ["allow"],
        IntentDigest = "i",
        Goal = "read",
        Ticket = "T-1",
        Parent = Parent,
        Correlation = Parent,
        Depth = 1,
        Chain = ["spiffe://example.org/agent/plan/task/x"],
        Children = [Child],
        BoundTo = "process 7",
        ProcessId = 7,
        UserId = 1001,
        Executable = "/usr/bin/review",
        Subject = "https://ci alice",
        Labels = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("stage", "build"),
        IsAutomatic = true,
        Approval = new PendingApproval("ap-1", Now.AddMinutes(1), "may it?"),
        Rights = [new RightView("""{"type":"repo"}""", 3, -1), new RightView("""{"type":"db"}""", 1, 4)],
        Credentials = [new CredentialView("X509", "0a", Now.AddMinutes(2), 2)],
        Receipt = new OffboardingReceipt(Id, TaskState.Completed, Now, "done", ["0a"], [Child], [new RightView("{}", 1, 0)])
        {
            Check = new OffboardingCheck
            {
                State = OffboardingState.StillAccepted,
                Channels = [new ChannelCheck("crl", 2, ["0a"])],
                CheckedAt = Now,
                Note = "note",
                Residue = new ResidueReport
                {
                    Findings = [new ResidueFinding(PlaceKind.CoreDump, "/core", 7, "x509", "0a", NeedleForm.BytesReversed)],
                    FindingsInAll = 1,
                    Gaps = [new ResidueGap(PlaceKind.Journal, "a.service", GapReason.Tool, "journalctl is not installed")],
                    GapsInAll = 1,
                    Places = [],
                    Credentials = 1,
                    Took = TimeSpan.Zero,
                },
            },
        },
    };
}
