using System.Globalization;
using System.Security.Cryptography;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>The status lists of this run of the daemon (OAuth Token Status List): who has which place, and what it says. Safe from many threads.</summary>
/// <remarks>
/// Lists are numbered from a random number on, drawn at the start: a token of an earlier run names a list that is not found, never one in which its place says
/// something of another token. A place is given to another token only after its token was forgotten and every list that spoke of it has expired. A place that is
/// reserved and not taken in time comes back by itself: who fails to mint a token need not tell.
/// </remarks>
public sealed class StatusLists
{
    /// <summary>Most lists. Ours: a million tokens, some 3 MiB.</summary>
    public const int MaxLists = 64;

    /// <summary>How long a place is kept for a token that is being minted. Ours.</summary>
    public static readonly TimeSpan MaxReservation = TimeSpan.FromMinutes(1);

    private const int FirstNumberBits = 40;

    private readonly Lock _gate = new(); // Guards all below.
    private readonly List<StatusList> _lists = [new()];
    private readonly Queue<(StatusIndex Index, long Since)> _reserved = new(); // Every reservation of the last MaxReservation, whatever became of it.
    private readonly Queue<(StatusIndex Index, long Since)> _resting = new(); // The longest resting first.
    private readonly TimeProvider _time;
    private readonly TimeSpan _rest;
    private readonly long _first;
    private readonly int _maxLists;

    /// <param name="uri">Where lists are found, without the number; see <see cref="RevocationOptions.StatusListUri"/>.</param>
    /// <param name="rest">How long a list may hold: so long, and at least for <see cref="MaxReservation"/>, a place stays unused after its token.</param>
    /// <param name="time">Uptime.</param>
    /// <param name="maxLists">Most lists.</param>
    internal StatusLists(string uri, TimeSpan rest, TimeProvider time, int maxLists = MaxLists)
    {
        _maxLists = maxLists;
        (Uri, _rest, _time) = (uri, rest > MaxReservation ? rest : MaxReservation, time);
        Span<byte> random = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(random);
        _first = (BitConverter.ToInt64(random) & ((1L << FirstNumberBits) - 1)) + 1;
    }

    /// <summary>Where lists are found, without the number.</summary>
    public string Uri { get; }

    /// <summary>The lists that there are.</summary>
    public IReadOnlyList<long> Numbers
    {
        get
        {
            lock (_gate) return [.. Enumerable.Range(0, _lists.Count).Select(i => _first + i)];
        }
    }

    /// <summary>The address of a list: <c>sub</c> of its token, <c>uri</c> of the tokens in it.</summary>
    public string UriOf(long list) => string.Create(CultureInfo.InvariantCulture, $"{Uri}/{list}");

    /// <summary>The value of the claim <c>status</c> (§6.2): JSON, UTF-8.</summary>
    public byte[] ClaimFor(StatusIndex index) => StatusClaim.Write(index.Index, UriOf(index.List));

    /// <summary>Takes a place for a token that is about to be minted; null when none is left.</summary>
    internal StatusIndex? Reserve()
    {
        lock (_gate)
        {
            Recycle();
            int at = _lists.FindIndex(list => !list.IsFull);
            if (at < 0)
            {
                if (_lists.Count == _maxLists) return null;
                at = _lists.Count;
                _lists.Add(new StatusList());
            }

            StatusIndex index = new(_first + at, _lists[at].Reserve());
            _reserved.Enqueue((index, _time.GetTimestamp()));
            return index;
        }
    }

    /// <summary>The token was entered into the ledger: the place is its own. False when it was not reserved.</summary>
    internal bool TryTake(StatusIndex index)
    {
        lock (_gate) return ListOf(index) is { } list && list.TryMove(index.Index, StatusPlace.Reserved, StatusPlace.Taken);
    }

    /// <summary>The token never left: its place rests. False when it was not reserved.</summary>
    internal bool TryReturn(StatusIndex index)
    {
        lock (_gate) return TryRest(index, StatusPlace.Reserved);
    }

    /// <summary>The token was forgotten: its place says nothing from now on, and rests.</summary>
    internal void Release(StatusIndex index)
    {
        lock (_gate)
        {
            if (!TryRest(index, StatusPlace.Taken)) throw new InvalidOperationException("released a place that nobody has");
            ListOf(index)!.Set(index.Index, CredentialStatus.Valid);
        }
    }

    internal void Set(StatusIndex index, CredentialStatus status)
    {
        lock (_gate) ListOf(index)!.Set(index.Index, status);
    }

    /// <summary>The version of a list; null when there is no such list.</summary>
    internal long? VersionOf(long list)
    {
        lock (_gate) return ListOf(new StatusIndex(list, 0))?.Version;
    }

    /// <summary>The states of a list and their version; null when there is no such list.</summary>
    internal (byte[] Statuses, long Version)? Read(long list)
    {
        lock (_gate) return ListOf(new StatusIndex(list, 0)) is { } found ? (found.Copy(), found.Version) : null;
    }

    private StatusList? ListOf(StatusIndex index) => index.List >= _first && index.List < _first + _lists.Count ? _lists[(int)(index.List - _first)] : null;

    private bool TryRest(StatusIndex index, StatusPlace from)
    {
        if (ListOf(index)?.TryMove(index.Index, from, StatusPlace.Resting) != true) return false;
        _resting.Enqueue((index, _time.GetTimestamp()));
        return true;
    }

    private void Recycle()
    {
        // Reservations first: a place rests for at least as long as it may be reserved, so what is in this queue was not reserved a second time.
        while (_reserved.TryPeek(out (StatusIndex Index, long Since) oldest) && _time.GetElapsedTime(oldest.Since) >= MaxReservation)
        {
            _reserved.Dequeue();
            TryRest(oldest.Index, StatusPlace.Reserved);
        }

        while (_resting.TryPeek(out (StatusIndex Index, long Since) longest) && _time.GetElapsedTime(longest.Since) >= _rest)
        {
            _resting.Dequeue();
            ListOf(longest.Index)!.TryMove(longest.Index.Index, StatusPlace.Resting, StatusPlace.Free);
        }
    }
}
