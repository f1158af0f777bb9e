using System.Buffers;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>Reads a PodList from a stream, bounded in length; memory grows with the longest single text, not with the list.</summary>
/// <remarks>Pods' specs hold secrets in environment values: the buffers are cleared before others get them.</remarks>
internal static class PodListReader
{
    private const int FirstBuffer = 64 << 10;

    /// <summary>The list. Throws <see cref="System.Text.Json.JsonException"/> for what is not one and <see cref="InvalidDataException"/> for more than <paramref name="maxLength"/> bytes.</summary>
    internal static async Task<PodList> ReadAsync(Stream answer, int maxLength, CancellationToken cancellationToken)
    {
        PodListParser parser = new();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            long taken = 0;
            int held = 0;
            while (true)
            {
                // A full buffer each time: a text that is longer than it is then looked at again only when the buffer has doubled.
                int read = await answer.ReadAtLeastAsync(buffer.AsMemory(held), buffer.Length - held, throwOnEndOfStream: false, cancellationToken);
                bool isLast = held + read < buffer.Length;
                held += read;
                if (taken + held > maxLength) throw new InvalidDataException($"longer than {maxLength} bytes");
                int used = parser.Read(buffer.AsSpan(0, held), isLast);
                if (isLast) return parser.List;
                taken += used;
                held -= used;
                buffer.AsSpan(used, held).CopyTo(buffer);
                if (held > buffer.Length / 2) buffer = Grow(buffer, held);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static byte[] Grow(byte[] buffer, int held)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, held).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return larger;
    }
}
