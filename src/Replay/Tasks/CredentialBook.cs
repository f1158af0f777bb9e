using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Spiffe.Agent.Replay.Tasks;

/// <summary>Credentials of tasks that have not expired long ago, by kind and id.</summary>
internal sealed class CredentialBook
{
    /// <summary>Longest kind and id, in characters. Ours: serial numbers have 40, token ids 36.</summary>
    public const int MaxName = 512;

    private readonly Dictionary<string, ReplayedCredential> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReplayedCredential>.AlternateLookup<ReadOnlySpan<char>> _find;
    private readonly PriorityQueue<ReplayedCredential, long> _byExpiry = new();

    public CredentialBook() => _find = _byName.GetAlternateLookup<ReadOnlySpan<char>>();

    public long Issued { get; private set; }

    public long Revoked { get; private set; }

    /// <summary>Those that expired without having been revoked, as of the last <see cref="Forget"/>.</summary>
    public long Expired { get; private set; }

    /// <summary>Whether some were not kept: then one that is not known may have been issued.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Writes kind and id as lists of revoked credentials do.</summary>
    /// <returns>How many characters; 0: too long, or one is missing.</returns>
    public static int NameOf(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> id, Span<char> name)
    {
        if (kind.IsEmpty || id.IsEmpty || kind.Length + id.Length + 1 > name.Length) return 0;
        int at = Encoding.UTF8.GetChars(kind, name);
        name[at++] = ' ';
        return at + Encoding.UTF8.GetChars(id, name[at..]);
    }

    public bool TryFind(ReadOnlySpan<char> name, [NotNullWhen(true)] out ReplayedCredential? credential) => _find.TryGetValue(name, out credential);

    public void Add(ReplayedCredential credential)
    {
        Issued++;
        if (_byName.Count >= ReplayLimits.MaxCredentials)
        {
            IsIncomplete = true;
            return;
        }

        _byName[credential.Name] = credential;
        _byExpiry.Enqueue(credential, credential.ExpiresAt.UtcTicks);
        credential.Place = credential.Task.Credentials.Count;
        credential.Task.Credentials.Add(credential);
        if (credential.ExpiresAt > credential.Task.LastExpiry) credential.Task.LastExpiry = credential.ExpiresAt;
    }

    public void Kill(ReplayedCredential credential)
    {
        if (credential.IsDead) return;
        credential.IsDead = true;
        Revoked++;
    }

    /// <summary>Forgets what expired long ago.</summary>
    public void Forget(DateTimeOffset now)
    {
        long before = now.UtcTicks - ReplayLimits.Memory.Ticks;
        while (_byExpiry.TryPeek(out ReplayedCredential? credential, out long expiry) && expiry < before)
        {
            _byExpiry.Dequeue();
            if (!credential.IsDead) Expired++;
            if (_byName.TryGetValue(credential.Name, out ReplayedCredential? known) && known == credential) _byName.Remove(credential.Name);
            Release(credential);
        }
    }

    /// <summary>Those that have expired by then and were not revoked, whether forgotten or not.</summary>
    public long ExpiredBy(DateTimeOffset now) => Expired + _byName.Values.Count(credential => !credential.IsDead && credential.ExpiresAt <= now);

    private static void Release(ReplayedCredential credential)
    {
        List<ReplayedCredential> all = credential.Task.Credentials;
        ReplayedCredential last = all[^1];
        all[credential.Place] = last;
        last.Place = credential.Place;
        all.RemoveAt(all.Count - 1);
    }
}
