using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Authority.Revocation;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>Has status lists signed: when somebody asks, and then not again until a state changed, half of their time to live is over, or the keys changed.</summary>
/// <remarks>Safe from many threads. What costs a signature is bounded by changes and time, not by who asks.</remarks>
public sealed class StatusListPublisher
{
    // A reader may hold a list for its time to live after it was served, and is given as much again twice to come back.
    private const int LifetimeInTimesToLive = 4;

    private const int TagBytes = 16;

    private readonly Lock _gate = new(); // Guards _signed; held while signing, so that one state is signed once.
    private readonly Dictionary<long, Signed> _signed = []; // No more than there are lists.
    private readonly EmbeddedAuthority _authority;
    private readonly StatusLists _lists;
    private readonly RevocationOptions _options;
    private readonly TimeProvider _time;

    internal StatusListPublisher(EmbeddedAuthority authority, StatusLists lists, RevocationOptions options, TimeProvider time) =>
        (_authority, _lists, _options, _time) = (authority, lists, options, time);

    /// <summary>The keys that check the lists, as a JWK set.</summary>
    public ReadOnlyMemory<byte> KeySet => _authority.StatusKeySet;

    /// <summary>The list of a number as it is now; null when there is none.</summary>
    public StatusListDocument? Get(long list)
    {
        if (_lists.VersionOf(list) is null) return null;
        lock (_gate)
        {
            ReadOnlyMemory<byte> keys = _authority.StatusKeySet;
            if (_signed.TryGetValue(list, out Signed? known) && known.Version == _lists.VersionOf(list) && known.Keys.Equals(keys) && IsFresh(known)) return known.Document;
            (byte[] statuses, long version) = _lists.Read(list)!.Value;
            StatusListToken token = _authority.SignStatusList(new StatusListRequest
            {
                Uri = _lists.UriOf(list),
                Statuses = statuses,
                TimeToLive = _options.StatusListTimeToLive,
                Lifetime = LifetimeOf(_options),
            });
            byte[] text = Encoding.ASCII.GetBytes(token.Token);
            StatusListDocument document = new(text, Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, TagBytes)), token.IssuedAt, _options.StatusListTimeToLive);
            _signed[list] = new Signed(document, version, keys, _time.GetTimestamp());
            return document;
        }
    }

    /// <summary>How long a list holds.</summary>
    internal static TimeSpan LifetimeOf(RevocationOptions options) => options.StatusListTimeToLive * LifetimeInTimesToLive;

    private bool IsFresh(Signed known) =>
        _time.GetElapsedTime(known.At) < _options.StatusListTimeToLive / 2 && (_time.GetUtcNow() - known.Document.IssuedAt).Duration() <= _options.StatusListTimeToLive;

    private sealed record Signed(StatusListDocument Document, long Version, ReadOnlyMemory<byte> Keys, long At);
}
