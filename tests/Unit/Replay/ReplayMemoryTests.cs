using System.Text.Json.Nodes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Replay;

namespace Spiffe.Agent.Tests.Unit.Replay;

/// <summary>Replay of a long log in little memory.</summary>
[Collection(nameof(Alone))]
public sealed class ReplayMemoryTests
{
    private readonly WrittenLog _log = new();

    [Fact]
    public void Nothing_but_the_last_tasks_stays_in_memory()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 20_000; i++)
        {
            string id = WrittenLog.NewId();
            _log.Started(id).Issued(id, $"c{i}").Task(RecordTypes.TaskRevoked, id, ("credentials", new JsonArray($"jwt c{i}")), ("state", "COMPLETED")).Ended(id);
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        ReplaySummary summary = _log.Complete();
        Assert.True(summary is { IsClean: true, Tasks: 20_000, Live: 0 }, string.Join('\n', summary.Violations));
        Assert.True(after - before < 8 << 20, $"{(after - before) / 20_000} bytes are left of each task"); // An id is kept of each: some 40 bytes.
    }
}
