using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Cli.Tasks;

/// <summary>Tasks as an agent would tell of them.</summary>
internal static class TaskSamples
{
    public const string Root = "aaaaaaaabbbbbbbbccccccccca";
    public const string Child = "aaaaaaaaxxxxxxxxyyyyyyyyya";
    public const string Other = "zzzzzzzz2222222233333333aa";

    public static Timestamp At(int minutes) => Timestamp.FromDateTimeOffset(TestTerminal.Now.AddMinutes(minutes));

    public static TaskSummary Summary(string id = Root) => new()
    {
        TaskId = id,
        SpiffeId = $"spiffe://example.org/agent/review/task/{id}",
        Template = "review",
        Owner = "team-a",
        State = TaskState.Active,
        Goal = "read the change and say what is wrong with it\e[2J",
        Ticket = "T-1",
        StartedAt = At(-5),
        LeaseUntil = At(5),
        Deadline = At(120),
        LastUsedAt = At(-1),
        BoundTo = "process 4711",
        ProcessId = 4711,
        UserId = 1001,
        Subject = "https://ci.example alice",
        LiveCredentials = 2,
        Generation = 1,
        Uses = 3,
        Refusals = 1,
        Labels = { ["stage"] = "build" },
    };

    public static RpcService Admin() => RpcService.Create("spiffeagent.admin.v1.TaskAdmin", TasksReflection.Descriptor);

    public static RpcService Identity() => RpcService.Create("spiffeagent.task.v1.TaskIdentity", TaskReflection.Descriptor);
}
