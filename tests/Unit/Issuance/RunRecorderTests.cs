using System.Text.Json;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>Who has the log has the policies: every decision can be taken again from it.</summary>
public sealed class RunRecorderTests
{
    [Fact]
    public async Task Policies_can_be_put_together_again_from_the_log_to_the_letter()
    {
        // Long enough for several parts, with letters of four bytes at every possible cut.
        PolicySource[] sources = [new("a.cedar", string.Concat(Enumerable.Repeat("// \U0001F511 key\n", 3_000)) + "permit(principal, action, resource);"), new("b.cedar", "forbid(principal, action, resource) when { false };")];
        Assert.True(TaskPolicies.TryCompile(sources, out TaskPolicies? policies, out _));
        ListLog log = new();
        await using (RunRecorder run = new(log, "0.1.0", TimeProvider.System))
        {
            run.Started(IssuanceBench.Domain);
            run.Loaded(new RulesInForce(IssuanceBench.Domain, 3, TemplateSnapshot.Empty, policies, [.. sources]), "start");
            run.Stopping();
        }

        RecordEntry[] entries = log.Entries;
        Assert.Equal([RecordTypes.DaemonStarted, RecordTypes.ConfigurationLoaded, RecordTypes.DaemonStopped], entries.Select(entry => entry.Type).Where(type => type is not (RecordTypes.PolicySource or RecordTypes.PoliciesLoaded)));
        PolicySource[] read =
        [
            .. entries.Where(entry => entry.Type == RecordTypes.PolicySource)
                .GroupBy(entry => entry.Data.GetProperty("source").GetInt32())
                .Select(parts => new PolicySource(parts.First().Data.GetProperty("name").GetString()!, string.Concat(parts.Select(part => part.Data.GetProperty("text").GetString())))),
        ];
        Assert.Equal(sources, read);
        Assert.True(TaskPolicies.TryCompile(read, out TaskPolicies? again, out _));
        Assert.Equal(policies.Digest, again.Digest);
        JsonElement loaded = entries.Single(entry => entry.Type == RecordTypes.PoliciesLoaded).Data;
        Assert.Equal(policies.Digest, loaded.GetProperty(RecordNames.PolicyDigest).GetString());
        Assert.Equal(["a.cedar", "b.cedar"], loaded.GetProperty("sources").EnumerateArray().Select(name => name.GetString()!));
    }

    /// <summary>A log in memory, with entries as they would be written.</summary>
    private sealed class ListLog : IAuditLog
    {
        private readonly List<AuditRecord> _records = [];

        public AuditHealth Health => new("test", _records.Count, 0, 0, 0, "");

        public RecordEntry[] Entries =>
        [
            .. _records.Select((record, i) => RecordEntry.TryRead(RecordEntry.Write(i, RecordEntry.None, record.Type, record.At, record.Data), out RecordEntry? entry, out string fault) ? entry : throw new InvalidOperationException(fault)),
        ];

        public bool TryAppend(AuditRecord record)
        {
            _records.Add(record);
            return true;
        }

        public ValueTask<bool> SettleAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}
