using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Store.Keys;

/// <summary>One key giving way to the next. Each step can be tried again, and whatever is done when the daemon dies, the next one goes on with it.</summary>
/// <remarks>
/// The next key is in its file; the old one signs for a <c>log_key</c> entry that names it, and for the head of just that size, which is kept; the next
/// key is among the verifier keys; it takes the old one's place. Nothing is written to the log between the entry and the end.
/// </remarks>
/// <param name="next">The key that is to sign; owned until it does.</param>
internal sealed class KeyChange(NoteSigner next) : IDisposable
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isHandedOver;

    public NoteVerifierKey Key => next.VerifierKey;

    /// <summary>Index of the entry that names the key; -1: it is not safe yet.</summary>
    public long Index { get; set; } = -1;

    /// <summary>Ends when the next key signs.</summary>
    public Task Done => _done.Task;

    /// <summary>The last steps, once the head of that size is kept.</summary>
    /// <exception cref="IOException">One of them cannot be done now.</exception>
    public void Finish(ILogDisk disk, LogKeys keys)
    {
        NoteVerifierKey[] all = keys.All.Any(key => string.Equals(key.ToString(), Key.ToString(), StringComparison.Ordinal)) ? [.. keys.All] : [.. keys.All, Key];
        VerifierKeyFile.Write(disk, all);
        KeyFile.Advance(disk);
        keys.Change(next, all);
        _isHandedOver = true;
        _done.SetResult();
    }

    /// <summary>It does not come to its end in this run.</summary>
    public void Fail(Exception failure) => _done.TrySetException(failure);

    public void Dispose()
    {
        if (!_isHandedOver) next.Dispose();
    }
}
