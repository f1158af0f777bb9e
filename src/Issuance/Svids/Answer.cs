using System.Security.Cryptography;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>The full state of one kind of SVID for one workload, encoded once. Holds private keys, so it is zeroed when nobody holds it any more.</summary>
public sealed class Answer(byte[] block, DateTimeOffset freshUntil) : IDisposable
{
    private static long _lastVersion;

    /// <summary>Tells answers apart: two answers of one version are the same answer. From 1.</summary>
    public long Version { get; } = Interlocked.Increment(ref _lastVersion);

    /// <summary>When the first SVID in it is due to be replaced.</summary>
    public DateTimeOffset FreshUntil => freshUntil;

    /// <summary>The message as <see cref="IResponseEncoder"/> framed it.</summary>
    public Memory<byte> Block => block;

    public void Dispose() => CryptographicOperations.ZeroMemory(block);
}
