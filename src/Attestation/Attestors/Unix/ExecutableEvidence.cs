using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Attestation.Scheduling;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>Evidence from /proc/PID/exe: the path and the hash of what the process runs.</summary>
/// <remarks><para>The file is opened through the process's own link, so it is the inode that runs, whatever stands at its path by now.</para>
/// <para>A path is believed only if, looked up from here, it leads to that same inode. This one rule refuses deleted and replaced executables, paths within a
/// container's or a user's own mounts (where anybody may mount anything over /usr/bin/x), and a name that merely ends in <c> (deleted)</c> stays what it is.</para></remarks>
internal sealed class ExecutableEvidence(ExecutableHasher hasher)
{
    private const string Kind = "unix";
    private const int MaxPath = 4096;

    /// <summary>Adds what can be believed; returns the executable it was taken from, which must still run when attestation ends.</summary>
    /// <returns>Busy when the user has too many files waiting to be hashed.</returns>
    internal async ValueTask<(ExecutableId? Executable, bool Busy)> AddAsync(
        PeerProcess peer, bool path, bool hash, List<EvidenceItem> evidence, List<RefusedEvidence> refused, CancellationToken cancellationToken)
    {
        // O_NONBLOCK: opening must not wait on a lease; reading a regular file does not heed it.
        SafeFileHandle? file = peer.Directory.TryOpenFile("exe\0"u8, Libc.ReadOnly | Libc.NonBlock, out int error);
        ExecutableId? opened = file is null ? null : ExecutableId.Of(file);
        if (file is null || opened is not { } id)
        {
            file?.Dispose();
            EvidenceRefusal reason = error is Libc.AccessDenied or Libc.NotPermitted ? EvidenceRefusal.NotPermitted : EvidenceRefusal.Unreadable;
            string remedy = reason == EvidenceRefusal.NotPermitted ? "; needs CAP_SYS_PTRACE" : "";
            RefuseBoth(reason, string.Create(CultureInfo.InvariantCulture, $"/proc/{peer.ProcessId}/exe: errno {error}{remedy}"));
            return (null, false);
        }

        EvidenceRefusal? doubt = SegmentTrust.Doubt(peer, file);
        if (doubt is { } found)
        {
            file.Dispose();
            RefuseBoth(found, "see docs/threat-model.md, The peer");
            return (id, false);
        }

        if (path) AddPath(peer, id, evidence, refused);
        if (hash) return (id, await AddHashAsync(peer, file, id, evidence, refused, cancellationToken));
        file.Dispose();
        return (id, false);

        void RefuseBoth(EvidenceRefusal reason, string detail)
        {
            if (path) refused.Add(new RefusedEvidence(Kind, "path", reason, detail));
            if (hash) refused.Add(new RefusedEvidence(Kind, "sha256", reason, detail));
        }
    }

    private static void AddPath(PeerProcess peer, ExecutableId id, List<EvidenceItem> evidence, List<RefusedEvidence> refused)
    {
        Span<byte> buffer = stackalloc byte[MaxPath + 1];
        int length = peer.Directory.ReadExecutableLink(buffer[..MaxPath]);
        if (length is <= 0 or MaxPath)
        {
            Refuse(length == MaxPath ? EvidenceRefusal.PathUnprintable : EvidenceRefusal.Unreadable, "the link cannot be read whole");
            return;
        }

        buffer[length] = 0;
        ReadOnlySpan<byte> link = buffer[..length];
        string? text = SelectorText.From(link);
        if (text is null) Refuse(EvidenceRefusal.PathUnprintable, "not UTF-8, or control characters, or too long");
        else if (link[0] == '/' && ExecutableId.OfPath(buffer[..(length + 1)]) is { } here && here.IsSameFile(id))
            evidence.Add(new EvidenceItem(new Selector(Kind, string.Concat("path:", text)), "/proc/PID/exe"));
        else if (link.EndsWith(" (deleted)"u8)) Refuse(EvidenceRefusal.ExecutableDeleted, text);
        else Refuse(EvidenceRefusal.PathNamesAnotherFile, text);

        void Refuse(EvidenceRefusal reason, string detail) => refused.Add(new RefusedEvidence(Kind, "path", reason, detail));
    }

    /// <summary>True when the user has too many files waiting.</summary>
    private async ValueTask<bool> AddHashAsync(
        PeerProcess peer, SafeFileHandle file, ExecutableId id, List<EvidenceItem> evidence, List<RefusedEvidence> refused, CancellationToken cancellationToken)
    {
        if (id.Size > (ulong)hasher.MaxSize)
        {
            file.Dispose();
            Refuse(EvidenceRefusal.TooLarge, string.Create(CultureInfo.InvariantCulture, $"{id.Size} bytes, the limit is {hasher.MaxSize}"));
            return false;
        }

        try
        {
            HashAnswer answer = await hasher.HashAsync(file, id, new Beneficiary(peer.UserId, peer.ProcessId), cancellationToken);
            if (answer.Busy) return true;
            if (answer.Hash is { } hash) evidence.Add(new EvidenceItem(new Selector(Kind, string.Concat("sha256:", hash)), "/proc/PID/exe"));
            else Refuse(EvidenceRefusal.ChangedWhileRead, "the file changed while it was hashed");
        }
        catch (IOException failure)
        {
            Refuse(EvidenceRefusal.Unreadable, failure.Message);
        }

        return false;

        void Refuse(EvidenceRefusal reason, string detail) => refused.Add(new RefusedEvidence(Kind, "sha256", reason, detail));
    }
}
