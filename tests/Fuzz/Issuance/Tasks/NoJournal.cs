using Spiffe.Agent.Issuance.Tasks;

namespace Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

/// <summary>Fakes a journal that is always written, and kept by nobody.</summary>
internal sealed class NoJournal : ITaskJournal
{
    public bool Write(TaskEntry entry) => true;
}
