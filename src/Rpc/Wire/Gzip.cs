using System.Buffers;
using System.IO.Compression;

namespace Spiffe.Agent.Rpc.Wire;

/// <summary>Unpacks one message of the coding <c>gzip</c>, never to more than a given length.</summary>
internal static class Gzip
{
    private const int Step = 16 * 1024;

    /// <summary>The unpacked message; null when it would be longer than <paramref name="maxLength"/>, whatever the packed one claims.</summary>
    /// <exception cref="InvalidDataException">Not gzip.</exception>
    public static byte[]? Unpack(in ReadOnlySequence<byte> packed, int maxLength)
    {
        using MemoryStream source = new(packed.ToArray(), writable: false);
        using GZipStream gzip = new(source, CompressionMode.Decompress);
        ArrayBufferWriter<byte> unpacked = new();
        while (true)
        {
            int read = gzip.Read(unpacked.GetSpan(Step));
            if (read == 0) return unpacked.WrittenSpan.ToArray();
            if (read > maxLength - unpacked.WrittenCount) return null;
            unpacked.Advance(read);
        }
    }
}
