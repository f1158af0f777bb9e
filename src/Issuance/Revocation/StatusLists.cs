using System.Globalization;
using System.Security.Cryptography;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>The status lists of this run of the daemon (OAuth Token Status List): who has which place, and what it says. Safe from many threads.</summary>
/// <remarks>
/// Lists are numbered from a random number on, drawn at the start: a token of an earlier run names a list that is not found, never one in which its place says
/// something of another token. A place is given to another token only after its token was forgotten and every list that spoke of it has expired.
/// </remarks>
public sealed class StatusLists
{
    /// <summary>Most lists. Ours: a million tokens, some 3 MiB.</summary>
    public const int MaxLists = 64;

    private const int FirstNumberBits = 40;

    private readonly Lock _gate = new(); // Guards all below.
    private readonly List<StatusList> _lists = [new()];
    private readonly Queue<(StatusIndex Index, long Since)> _resting = new(); // The longest resting first.
    private readonly TimeProvider _time;
    private readonly TimeSpan _rest;
    private readonly long _first;

    /// <param name="uri">Where lists are found, without the number; see <see cref="RevocationOptions.StatusListUri"/>.</param>
    /// <param name="rest">How long a place stays unused after its token: as long as a list may hold.</param>
    /// <param name="time">Uptime.</param>
    internal StatusLists(string uri, TimeSpan rest, TimeProvider time)
    {
        (Uri, _rest, _time) = (uri, rest, time);
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
                if (_lists.Count == MaxLists) return null;
                at = _lists.Count;
                _lists.Add(new StatusList());
            }

            return new StatusIndex(_first + at, _lists[at].Reserve());
        }
    }

    /// <summary>The token was entered into the ledger: the place is its own. False when it was not reserved.</summary>
    internal bool TryTake(StatusIndex index)
    {
        lock (_gate) return ListOf(index) is { } list && list.TryMove(index.Index, StatusPlace.Reserved, StatusPlace.Taken);
    }

    /// <summary>The token never left: its place is free at once. False when it was not reserved.</summary>
    internal bool TryReturn(StatusIndex index)
    {
        lock (_gate) return ListOf(index) is { } list && list.TryMove(index.Index, StatusPlace.Reserved, StatusPlace.Free);
    }

    /// <summary>The token was forgotten: its place says nothing from now on, and rests.</summary>
    internal void Release(StatusIndex index)
    {
        lock (_gate)
        {
            if (ListOf(index) is not { } list || !list.TryMove(index.Index, StatusPlace.Taken, StatusPlace.Resting)) throw new InvalidOperationException("released a place that nobody has");
            list.Set(index.Index, CredentialStatus.Valid);
            _resting.Enqueue((index, _time.GetTimestamp()));
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

    private void Recycle()
    {
        while (_resting.TryPeek(out (StatusIndex Index, long Since) longest) && _time.GetElapsedTime(longest.Since) >= _rest)
        {
            _resting.Dequeue();
            ListOf(longest.Index)!.TryMove(longest.Index.Index, StatusPlace.Resting, StatusPlace.Free);
        }
    }
}
