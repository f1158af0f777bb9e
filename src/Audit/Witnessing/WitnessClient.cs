using System.Globalization;
using System.Net;
using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Witnessing;

/// <summary>Asks one witness for its cosignature, by C2SP tlog-witness: it cosigns nothing that does not continue what it cosigned before, so a log that is set back or forked is found out.</summary>
/// <remarks>For one checkpoint at a time. Nothing that a witness says is believed but signatures of its key.</remarks>
/// <param name="http">Sends; no proxies, no redirects. The caller's.</param>
/// <param name="key">The witness's.</param>
/// <param name="prefix">Its submission prefix.</param>
public sealed class WitnessClient(HttpMessageInvoker http, NoteVerifierKey key, Uri prefix)
{
    /// <summary>Longest answer that is read, in bytes. Ours: a signature line takes some 150.</summary>
    private const int MaxAnswer = 64 * 1024;

    private readonly Uri _address = new($"{prefix.AbsoluteUri.TrimEnd('/')}/add-checkpoint");
    private long _known;

    /// <summary>Who it is.</summary>
    public NoteVerifierKey Key => key;

    /// <summary>Submits a checkpoint. A witness that remembers another size than we do is asked once more, from there.</summary>
    /// <param name="checkpoint">Signed by the log.</param>
    /// <param name="nodes">The tree of that checkpoint.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<WitnessAnswer> CosignAsync(SignedNote checkpoint, NodeAt nodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (!Checkpoint.TryParse(checkpoint.Text, out Checkpoint? head, out string fault)) throw new ArgumentException(fault, nameof(checkpoint));
        WitnessAnswer answer = await SubmitAsync(checkpoint, head, Math.Min(_known, head.Size), nodes, cancellationToken);
        if (answer.Outcome == WitnessOutcome.Conflict)
        {
            if (answer.KnownSize > head.Size) return answer with { Outcome = WitnessOutcome.SetBack, Detail = string.Create(CultureInfo.InvariantCulture, $"{key.Name} has cosigned {answer.KnownSize} entries, the log has {head.Size}") };
            answer = await SubmitAsync(checkpoint, head, answer.KnownSize, nodes, cancellationToken);
        }

        if (answer.Outcome == WitnessOutcome.Cosigned) _known = head.Size;
        return answer;
    }

    private async Task<WitnessAnswer> SubmitAsync(SignedNote checkpoint, Checkpoint head, long from, NodeAt nodes, CancellationToken cancellationToken)
    {
        StringBuilder body = new();
        body.Append(CultureInfo.InvariantCulture, $"old {from}\n");
        foreach (TreeHash hash in ConsistencyProof.Of(from, head.Size, nodes)) body.Append(CultureInfo.InvariantCulture, $"{hash}\n");
        body.Append('\n');
        using HttpRequestMessage request = new(HttpMethod.Post, _address) { Content = new ByteArrayContent([.. Encoding.ASCII.GetBytes(body.ToString()), .. checkpoint.ToArray()]) };
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
            byte[] answer = await ReadAsync(response, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => Cosigned(checkpoint, answer),
                HttpStatusCode.Conflict => Conflict(answer),
                HttpStatusCode.NotFound or HttpStatusCode.Forbidden => WitnessAnswer.Failed(WitnessOutcome.Unknown, $"{key.Name} does not know this log or its key: {(int)response.StatusCode}"),
                HttpStatusCode.UnprocessableEntity => WitnessAnswer.Failed(WitnessOutcome.Forked, string.Create(CultureInfo.InvariantCulture, $"{key.Name} has cosigned {from} entries that this log does not begin with")),
                _ => WitnessAnswer.Failed(WitnessOutcome.Unreachable, $"{key.Name} answered {(int)response.StatusCode}"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return WitnessAnswer.Failed(WitnessOutcome.Unreachable, $"{key.Name} cannot be reached: {e.Message}");
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MaxAnswer];
        int read = await stream.ReadAtLeastAsync(buffer, MaxAnswer, throwOnEndOfStream: false, cancellationToken);
        return buffer[..read];
    }

    /// <summary>The lines under the checkpoint are the witness's; those of keys that are not known are nobody's.</summary>
    private WitnessAnswer Cosigned(SignedNote checkpoint, byte[] lines)
    {
        if (!SignedNote.TryParse([.. checkpoint.Text, (byte)'\n', .. lines], out SignedNote? answer, out string fault)) return WitnessAnswer.Failed(WitnessOutcome.Unreachable, $"{key.Name} did not answer with signatures: {fault}");
        NoteVerdict verdict = answer.Verify([key]);
        if (!verdict.Accepted) return WitnessAnswer.Failed(WitnessOutcome.Unreachable, $"{key.Name} did not cosign: {verdict.Fault}");
        return new WitnessAnswer(WitnessOutcome.Cosigned, answer.Signatures.First(key.Claims), 0, "");
    }

    private WitnessAnswer Conflict(byte[] text) =>
        text.Length > 1 && text[^1] == '\n' && Checkpoint.TryParseSize(Encoding.ASCII.GetString(text[..^1]), out long size)
            ? new WitnessAnswer(WitnessOutcome.Conflict, null, size, $"{key.Name} knows another size")
            : WitnessAnswer.Failed(WitnessOutcome.Unreachable, $"{key.Name} answered 409 without a size");
}
