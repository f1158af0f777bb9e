using System.Security.Cryptography;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Audit.Store.Keys;

/// <summary>A log's private key in its file: for the daemon's user only.</summary>
internal static class KeyFile
{
    public const string Folder = "keys";

    /// <summary>The key that signs now.</summary>
    public const string Current = "keys/log.key";

    /// <summary>The one that is to sign next, while keys are changed.</summary>
    public const string Next = "keys/next.key";

    private const UnixFileMode Others = (UnixFileMode)0x3F; // Whatever group and others may.

    /// <summary>Makes a key and keeps it: safe on the disk when this returns.</summary>
    /// <exception cref="DiskException">It cannot be written.</exception>
    public static NoteSigner Make(ILogDisk disk, string path, string origin)
    {
        using SecretBytes seed = NoteSigner.NewSeed();
        using SecretBytes pem = KeyPem.Write(seed);
        disk.MakeDirectory(Folder, isPrivate: true);
        pem.Reveal(bytes =>
        {
            StagedFiles.Replace(disk, path, bytes, isPrivate: true);
            return 0;
        });
        return new NoteSigner(origin, seed);
    }

    /// <summary>Reads a key; null: there is none.</summary>
    /// <exception cref="AuditStoreException">It is no key, or others may see it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NoteSigner? Read(string directory, string path, string origin)
    {
        string whole = Path.Combine(directory, path);
        if (!File.Exists(whole)) return null;
        if (FileOwner.FaultOf(whole, Others) is { Length: > 0 } fault) throw new AuditStoreException(whole, fault, $"if nobody has read it: chown it to the daemon's user and chmod 600 {whole}");
        byte[] pem = GC.AllocateArray<byte>(KeyPem.Length + 1, pinned: true); // One more, so that a longer file shows.
        try
        {
            using FileStream file = new(whole, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            int length = file.ReadAtLeast(pem, pem.Length, throwOnEndOfStream: false);
            using SecretBytes? seed = KeyPem.Read(pem.AsSpan(0, length));
            return seed is null ? throw new AuditStoreException(whole, "is not an Ed25519 key as PKCS #8 in PEM", "put the log's key back") : new NoteSigner(origin, seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
        }
    }

    /// <summary>Whether <see cref="Discard"/> had begun with a key when the daemon died or power was lost: zeros, which no key's file holds.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool IsBeingDiscarded(string directory, string path)
    {
        string whole = Path.Combine(directory, path);
        if (!File.Exists(whole) || new FileInfo(whole).Length > KeyPem.Length) return false;
        byte[] found = File.ReadAllBytes(whole);
        bool hasZeros = found.AsSpan().Contains((byte)0);
        CryptographicOperations.ZeroMemory(found);
        return hasZeros;
    }

    /// <summary>Puts the next key in the place of the current one, whose file is overwritten. What the medium keeps of it is beyond this.</summary>
    /// <exception cref="DiskException">It cannot be done, or not safely; it can be tried again.</exception>
    public static void Advance(ILogDisk disk)
    {
        if (!File.Exists(Path.Combine(disk.Root, Next)))
        {
            disk.SyncDirectory(Folder); // It is in its place, and nobody knows whether that is safe.
            return;
        }

        using ILogFile old = disk.Overwrite(Current);
        disk.Rename(Next, Current);
        disk.SyncDirectory(Folder);
        old.Write(new byte[KeyPem.Length]);
        old.Sync();
    }

    /// <summary>Destroys the next key, which nobody has heard of.</summary>
    /// <exception cref="DiskException">It cannot be removed.</exception>
    public static void Discard(ILogDisk disk)
    {
        using (ILogFile next = disk.Overwrite(Next))
        {
            next.Write(new byte[KeyPem.Length]);
            next.Sync();
        }

        disk.Delete(Next);
        disk.SyncDirectory(Folder);
    }
}
