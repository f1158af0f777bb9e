using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Store.Keys;
using Spiffe.Agent.Audit.Store.Publishing;

namespace Spiffe.Agent.Audit.Store.Opening;

/// <summary>A log that was looked through, and is this process's to write.</summary>
/// <param name="Disk">Its directory.</param>
/// <param name="Lock">Keeps others out.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Next">The key that the last entry names, while keys are being changed; null: they are not.</param>
/// <param name="Head">The newest published head.</param>
/// <param name="Size">How many entries it covers.</param>
/// <param name="History">Older heads.</param>
/// <param name="Recovery">What the journal has beyond it.</param>
/// <param name="IsNew">It was made just now.</param>
internal sealed record OpenedLog(ILogDisk Disk, LogLock Lock, LogKeys Keys, NoteSigner? Next, SignedNote Head, long Size, HeadHistory History, Recovery Recovery, bool IsNew);
