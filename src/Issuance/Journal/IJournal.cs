namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Where it is written down what happens, before it takes effect: first <see cref="Write"/>, in the order of events and under whatever lock orders them; then <see cref="SettleAsync"/>, before
/// anything that rests on it leaves the daemon.</summary>
public interface IJournal
{
    /// <summary>Gives an entry its place. False: it cannot be written; then nothing may be given. What takes rights away happens all the same, and is written as soon as that is possible.</summary>
    bool Write(JournalEntry entry);

    /// <summary>Waits until everything that was written before this call is safe. False: it is not, and what rests on it must not leave.</summary>
    ValueTask<bool> SettleAsync(CancellationToken cancellationToken);

    /// <summary>Whether what gives rights can be written down now.</summary>
    bool IsWritable { get; }
}
