using System.Collections.Immutable;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification;

namespace Spiffe.Agent.Audit.Witnessing;

/// <summary>Brings the newest head to the witnesses of a policy, and keeps it with their cosignatures beside the log: who has that file has a head that could not be taken back quietly.</summary>
/// <remarks>Nothing waits for it: while no witness answers, the log goes on, and the last witnessed head becomes older.</remarks>
public sealed class WitnessRounds : IDisposable
{
    /// <summary>The newest head with enough cosignatures, beneath the log's directory.</summary>
    public const string FileName = "witnessed";

    /// <summary>Between two rounds, at least. Ours: a head a minute is what others can be held to.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>For one witness. Ours.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly LogPolicy _policy;
    private readonly string _directory;
    private readonly Func<SignedNote?> _head;
    private readonly Action<NoteVerifierKey, WitnessAnswer> _observer;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;
    private readonly ImmutableArray<WitnessClient> _clients;
    private long _witnessed = -1;

    /// <param name="policy">Names witnesses, with URLs, and how many of them are enough.</param>
    /// <param name="directory">The log's.</param>
    /// <param name="head">The newest published checkpoint; null: there is none yet.</param>
    /// <param name="observer">Hears every answer.</param>
    /// <param name="time">For the pace.</param>
    /// <param name="http">Sends; null: plain HTTP of the platform, without proxies, cookies and redirects.</param>
    /// <exception cref="ArgumentException">A witness's URL is none.</exception>
    public WitnessRounds(LogPolicy policy, string directory, Func<SignedNote?> head, Action<NoteVerifierKey, WitnessAnswer> observer, TimeProvider time, HttpMessageInvoker? http = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        (_policy, _directory, _head, _observer, _time) = (policy, directory, head, observer, time);
        _http = http ?? new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = Patience });
        _clients = [.. policy.Witnesses.Zip(policy.WitnessUrls, (key, url) => new WitnessClient(_http, key, AddressOf(key, url)))];
    }

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Period, _time);
        do
        {
            await RoundAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>One round: everybody is asked at once. True: enough have cosigned, and that head is kept.</summary>
    public async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        if (_head() is not { } head || !Checkpoint.TryParse(head.Text, out Checkpoint? checkpoint, out _) || checkpoint.Size == _witnessed) return false;
        WitnessAnswer[] answers = await Task.WhenAll(_clients.Select(client => AskAsync(client, head, checkpoint.Size, cancellationToken)));
        SignedNote cosigned = head;
        for (int i = 0; i < answers.Length; i++)
        {
            _observer(_clients[i].Key, answers[i]);
            if (answers[i].Cosignature is { } signature) cosigned = cosigned.With(signature);
        }

        NoteVerdict verdict = cosigned.Verify(_policy.Witnesses);
        if (!verdict.Accepted || !_policy.HasQuorum(verdict)) return false;
        try
        {
            StagedFiles.Replace(new LogDisk(_directory), FileName, cosigned.ToArray());
        }
        catch (IOException e)
        {
            _observer(verdict.Signatures[0].Key, WitnessAnswer.Failed(WitnessOutcome.Unreachable, $"what it cosigned cannot be kept: {e.Message}"));
            return false;
        }

        _witnessed = checkpoint.Size;
        return true;
    }

    public void Dispose() => _http.Dispose();

    private async Task<WitnessAnswer> AskAsync(WitnessClient client, SignedNote head, long size, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await client.CosignAsync(head, new TileReader(_directory, size).Node, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return WitnessAnswer.Failed(WitnessOutcome.Unreachable, $"{client.Key.Name} did not answer in time");
        }
        catch (TileException e)
        {
            return WitnessAnswer.Failed(WitnessOutcome.Unreachable, $"no proof could be made for {client.Key.Name}: {e.Message}");
        }
    }

    private static Uri AddressOf(NoteVerifierKey key, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address
            : throw new ArgumentException($"witness {key.Name}: '{url}' is not where it can be asked; write its submission prefix behind its key");
}
