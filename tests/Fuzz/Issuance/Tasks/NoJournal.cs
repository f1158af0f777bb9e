using Spiffe.Agent.Issuance.Journal;

namespace Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

/// <summary>Fakes a journal that is always written, and kept by nobody.</summary>
internal sealed class NoJournal : IJournal
{
    public bool IsWritable => true;

    public bool Write(JournalEntry entry) => true;

    public ValueTask<bool> SettleAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
