using System.Buffers;
using System.IO.Pipelines;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>Looks at the first bytes of a connection, without taking them: they must be HTTP/2's preface, and soon. Kestrel would wait for a whole
/// line of HTTP/1 first, as long as an idle connection may live.</summary>
internal static class PrefaceGuard
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8; // RFC 9113 §3.4

    /// <summary>False when something else came, too little came in time, or the peer went away.</summary>
    public static async ValueTask<bool> PassesAsync(PipeReader input, TimeSpan timeout, TimeProvider time)
    {
        using CancellationTokenSource late = new(timeout, time);
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync(late.Token);
                bool whole = read.Buffer.Length >= Preface.Length;
                bool fits = Begins(read.Buffer);
                input.AdvanceTo(read.Buffer.Start, whole ? read.Buffer.Start : read.Buffer.End);
                if (whole || !fits || read.IsCompleted) return whole && fits;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return false;
        }
    }

    private static bool Begins(in ReadOnlySequence<byte> buffer)
    {
        int length = (int)Math.Min(buffer.Length, Preface.Length);
        Span<byte> begin = stackalloc byte[length];
        buffer.Slice(0, length).CopyTo(begin);
        return Preface.StartsWith(begin);
    }
}
