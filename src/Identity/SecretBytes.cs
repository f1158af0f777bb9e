using System.Buffers;
using System.Security.Cryptography;

namespace Spiffe.Agent.Identity;

/// <summary>Bytes that nobody else may see, such as a private key: never moved by the collector, zeroed when let go, never printed.</summary>
/// <remarks>
/// Zeroed by <see cref="Dispose"/>, and at the latest when collected. There is no property that hands out the bytes: a span that outlives its
/// owner could be read after it was zeroed. Reading is safe from many threads; dispose only when nobody reads any more.
/// </remarks>
public sealed class SecretBytes : IDisposable
{
    private readonly byte[] _bytes;
    private volatile bool _gone;

    private SecretBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    ~SecretBytes() => CryptographicOperations.ZeroMemory(_bytes);

    /// <summary>How many bytes there are.</summary>
    public int Length => _bytes.Length;

    /// <summary>Copies a secret; the caller still owns, and zeroes, the source.</summary>
    public static SecretBytes CopyOf(ReadOnlySpan<byte> source)
    {
        SecretBytes secret = new(source.Length);
        source.CopyTo(secret._bytes);
        return secret;
    }

    /// <summary>Makes <paramref name="length"/> bytes and lets <paramref name="fill"/> write them in place.</summary>
    public static SecretBytes Create<TState>(int length, TState state, SpanAction<byte, TState> fill)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(fill);
        SecretBytes secret = new(length);
        fill(secret._bytes, state);
        return secret;
    }

    /// <summary>Lets <paramref name="read"/> see the bytes for as long as it runs.</summary>
    /// <exception cref="ObjectDisposedException">The bytes were zeroed.</exception>
    public TResult Reveal<TResult>(Func<ReadOnlySpan<byte>, TResult> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        ObjectDisposedException.ThrowIf(_gone, this);
        TResult result = read(_bytes);
        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Copies the bytes out; the destination is the caller's to zero.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="Length"/>.</exception>
    /// <exception cref="ObjectDisposedException">The bytes were zeroed.</exception>
    public void CopyTo(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_gone, this);
        _bytes.CopyTo(destination);
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        _gone = true;
        CryptographicOperations.ZeroMemory(_bytes);
        GC.SuppressFinalize(this);
    }

    public override string ToString() => "[redacted]";
}
