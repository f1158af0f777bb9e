using System.Security.Cryptography;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>The full state of one kind of SVID for one workload, encoded once. Holds private keys, so it is zeroed when nobody holds it any more.</summary>
public sealed class Answer(byte[] block, DateTimeOffset freshUntil) : IDisposable
{
    /// <summary>Tells answers apart: two of one version are the same bytes, whichever workload they were made for.</summary>
    /// <remarks>64 bits of SHA-256. A caller whose evidence changes in a way that earns the same is not sent the same again.</remarks>
    public long Version { get; } = BitConverter.ToInt64(SHA256.HashData(block));

    /// <summary>When the first SVID in it is due to be replaced.</summary>
    public DateTimeOffset FreshUntil => freshUntil;

    /// <summary>The message as <see cref="IResponseEncoder"/> framed it.</summary>
    public Memory<byte> Block => block;

    public void Dispose() => CryptographicOperations.ZeroMemory(block);
}
