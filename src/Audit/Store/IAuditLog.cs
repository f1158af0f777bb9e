namespace Spiffe.Agent.Audit.Store;

/// <summary>Where it is written down what happens, before it takes effect: first <see cref="TryAppend"/>, in the order of events; then <see cref="SettleAsync"/>, before anything leaves the daemon.</summary>
public interface IAuditLog
{
    /// <summary>Gives a record its place. Quick, and never waits for the disk: may be called under a lock.</summary>
    /// <returns>False: it has no place, because the log cannot be written or is overloaded. Never of what is owed (<see cref="AuditRecord.IsOwed"/>).</returns>
    /// <exception cref="ArgumentException">The record is not one: its type or a text, or it is too long.</exception>
    bool TryAppend(AuditRecord record);

    /// <summary>Waits until everything that was given a place before this call is safe on the disk. Returns at once where that is so already.</summary>
    /// <returns>False: it is not, and nobody knows when it will be. Then nothing that rests on it may leave.</returns>
    ValueTask<bool> SettleAsync(CancellationToken cancellationToken);

    /// <summary>How the log is doing.</summary>
    AuditHealth Health { get; }
}
