using System.Globalization;
using System.Net;
using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Tests.Unit.Audit.Notes;

namespace Spiffe.Agent.Tests.Unit.Audit.Witnessing;

/// <summary>A witness as tlog-witness describes it, without the network: it remembers the last head of one log and cosigns only what continues it.</summary>
internal sealed class HonestWitness(string name, NoteVerifierKey log) : HttpMessageHandler
{
    private readonly Witness _witness = new(name);
    private TreeHash _root;

    public NoteVerifierKey Key => _witness.Key;

    /// <summary>Of the last tree that it cosigned.</summary>
    public long Size { get; private set; }

    /// <summary>Requests so far.</summary>
    public int Asked { get; private set; }

    /// <summary>Answers instead of it, when set.</summary>
    public Func<HttpResponseMessage>? Instead { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked++;
        if (Instead is not null) return Instead();
        if (request.Method != HttpMethod.Post || !request.RequestUri!.AbsolutePath.EndsWith("/add-checkpoint", StringComparison.Ordinal)) return new HttpResponseMessage(HttpStatusCode.NotFound);
        string text = Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        int blank = text.IndexOf("\n\n", StringComparison.Ordinal);
        string[] lines = text[..blank].Split('\n');
        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(text[(blank + 2)..]), out SignedNote? note, out _));
        if (!note.Verify([log]).Accepted) return new HttpResponseMessage(HttpStatusCode.Forbidden);
        Assert.True(Checkpoint.TryParse(note.Text, out Checkpoint? head, out _));
        Assert.StartsWith("old ", lines[0], StringComparison.Ordinal);
        long old = long.Parse(lines[0][4..], CultureInfo.InvariantCulture);
        TreeHash[] proof = [.. lines.Skip(1).Select(line => TreeHash.TryParse(line, out TreeHash hash) ? hash : throw new FormatException(line))];
        if (old > head.Size) return new HttpResponseMessage(HttpStatusCode.BadRequest);
        if (old != Size) return new HttpResponseMessage(HttpStatusCode.Conflict) { Content = new StringContent($"{Size}\n", Encoding.ASCII, "text/x.tlog.size") };
        bool isConsistent = old == 0 ? proof.Length == 0 : ConsistencyProof.Verify(old, _root, head.Size, head.Root, proof);
        if (!isConsistent) return new HttpResponseMessage(HttpStatusCode.UnprocessableEntity);
        (Size, _root) = (head.Size, head.Root);
        NoteSignature signature = _witness.Cosign(note, 1_700_000_000).Signatures[^1];
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($"— witness.example/stranger AAAAAQEBAQE=\n{signature}\n", Encoding.UTF8) };
    }

    protected override void Dispose(bool disposing)
    {
        _witness.Dispose();
        base.Dispose(disposing);
    }
}
