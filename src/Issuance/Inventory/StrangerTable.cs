namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>Remembers who called and got nothing because nobody has described it.</summary>
/// <remarks>Any local process can call as often as it likes, under as many names as it likes. So a user has a share of the rows; nobody's row is given to another but after a day of silence; and
/// what finds no room is counted. A flood can fill the list, and then the list says so: it cannot erase who was there before.</remarks>
internal sealed class StrangerTable(TimeProvider time)
{
    /// <summary>Rows in all. Ours: some 300 KiB with paths of usual length, 1 MiB at most.</summary>
    public const int MaxRows = 1024;

    /// <summary>Rows of programs of one user; further ones share a row for each reason. Ours: sixteen users can be as busy as they like.</summary>
    public const int MaxRowsPerUser = 64;

    /// <summary>Characters of an executable's path that are kept; of a longer one the end. Ours.</summary>
    public const int MaxExecutable = 512;

    /// <summary>What stands for the further programs of a user that has too many.</summary>
    public const string OtherPrograms = "*";

    /// <summary>How long a row stays although it has not called again and others wait for room. Ours: whoever looks once a day misses nobody.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromDays(1);

    /// <summary>How often a full table looks for stale rows. Ours: a flood must not pay us in searches.</summary>
    private static readonly TimeSpan SearchEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new(); // Guards all below.
    private readonly Dictionary<(uint UserId, string Executable, string Reason), Row> _rows = [];
    private readonly Dictionary<uint, int> _perUser = [];
    private long _unlisted;
    private long _forgotten;
    private long? _searchedAt;

    public void Seen(uint userId, string executable, string reason, bool isAttested)
    {
        if (executable.Length > MaxExecutable) executable = string.Concat("…", executable.AsSpan(executable.Length - MaxExecutable + 1));
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            if (TryCount((userId, executable, reason), now)) return;
            if (_perUser.GetValueOrDefault(userId) >= MaxRowsPerUser)
            {
                executable = OtherPrograms;
                if (TryCount((userId, executable, reason), now)) return;
            }

            if (_rows.Count >= MaxRows && !TryForget())
            {
                _unlisted++;
                return;
            }

            _rows[(userId, executable, reason)] = new Row { IsAttested = isAttested, FirstSeen = now, LastSeen = now, SeenAt = time.GetTimestamp(), Calls = 1 };
            _perUser[userId] = _perUser.GetValueOrDefault(userId) + 1;
        }
    }

    /// <summary>How many rows there are, and how many calls found no room.</summary>
    public (int Rows, long Unlisted) Counts
    {
        get
        {
            lock (_gate) return (_rows.Count, _unlisted);
        }
    }

    public StrangerList List()
    {
        lock (_gate)
        {
            return new StrangerList(
                [.. _rows
                    .Select(row => new Stranger(row.Key.UserId, row.Key.Executable, row.Key.Reason, row.Value.IsAttested, row.Value.Calls, row.Value.FirstSeen, row.Value.LastSeen))
                    .OrderByDescending(row => row.LastSeen).ThenBy(row => row.UserId).ThenBy(row => row.Executable, StringComparer.Ordinal).ThenBy(row => row.Reason, StringComparer.Ordinal)],
                _unlisted,
                _forgotten);
        }
    }

    private bool TryCount((uint, string, string) key, DateTimeOffset now)
    {
        if (!_rows.TryGetValue(key, out Row? row)) return false;
        row.Calls++;
        row.LastSeen = now;
        row.SeenAt = time.GetTimestamp();
        return true;
    }

    /// <summary>Makes room by what has not called for a day. By uptime: a set clock forgets nobody.</summary>
    private bool TryForget()
    {
        if (_searchedAt is { } last && time.GetElapsedTime(last) < SearchEvery) return false;
        _searchedAt = time.GetTimestamp();
        foreach (((uint UserId, string, string) key, Row row) in _rows.ToArray())
        {
            if (time.GetElapsedTime(row.SeenAt) < Stale) continue;
            _rows.Remove(key);
            if (--_perUser[key.UserId] == 0) _perUser.Remove(key.UserId);
            _forgotten++;
        }

        return _rows.Count < MaxRows;
    }

    private sealed class Row
    {
        public required bool IsAttested { get; init; }

        public required DateTimeOffset FirstSeen { get; init; }

        public required DateTimeOffset LastSeen { get; set; }

        /// <summary>By uptime.</summary>
        public required long SeenAt { get; set; }

        public required long Calls { get; set; }
    }
}
