namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Where it is written down what happens to tasks, before it takes effect.</summary>
public interface ITaskJournal
{
    /// <summary>Writes one entry. False: it cannot be written; then nothing may be issued. What takes rights away happens all the same.</summary>
    bool Write(TaskEntry entry);
}
