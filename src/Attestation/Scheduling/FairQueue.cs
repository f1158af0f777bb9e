using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Attestation.Scheduling;

/// <summary>A queue in which users take turns, and of each user his processes: whoever asks for a thousand things waits a thousand turns, the others one.</summary>
/// <remarks>Bounded for each process, each user, and in all. Guarded by its owner's lock.</remarks>
internal sealed class FairQueue<T>(int maxPerProcess, int maxPerUser, int max)
{
    private readonly Dictionary<uint, User> _users = [];
    private readonly Queue<User> _turns = [];

    /// <summary>Things that wait.</summary>
    internal int Count { get; private set; }

    /// <summary>False when there is no room: for this process, for its user, or at all.</summary>
    internal bool TryAdd(Beneficiary who, T item)
    {
        if (Count >= max) return false;
        if (_users.TryGetValue(who.UserId, out User? user) && (user.Count >= maxPerUser || user.CountOf(who.ProcessId) >= maxPerProcess)) return false;
        Return(who, item);
        return true;
    }

    /// <summary>Puts back what was taken and is not done: at the end of its process's line, whatever the bounds, since it had a place.</summary>
    internal void Return(Beneficiary who, T item)
    {
        if (!_users.TryGetValue(who.UserId, out User? user))
        {
            _users[who.UserId] = user = new User(who.UserId);
            _turns.Enqueue(user);
        }

        user.Add(who.ProcessId, item);
        Count++;
    }

    /// <summary>Takes from the first user in turn whom <paramref name="may"/> allows. False when nothing waits, or nobody is allowed.</summary>
    internal bool TryTake(Func<uint, bool> may, out Beneficiary who, [MaybeNullWhen(false)] out T item)
    {
        for (int left = _turns.Count; left > 0; left--)
        {
            User user = _turns.Dequeue();
            if (!may(user.Id))
            {
                _turns.Enqueue(user);
                continue;
            }

            item = user.Take(out int process);
            who = new Beneficiary(user.Id, process);
            Count--;
            if (user.Count > 0) _turns.Enqueue(user);
            else _users.Remove(user.Id);
            return true;
        }

        who = default;
        item = default;
        return false;
    }

    private sealed class User(uint id)
    {
        private readonly Dictionary<int, Queue<T>> _lines = [];
        private readonly Queue<int> _turns = [];

        public uint Id => id;

        public int Count { get; private set; }

        public int CountOf(int process) => _lines.TryGetValue(process, out Queue<T>? line) ? line.Count : 0;

        public void Add(int process, T item)
        {
            if (!_lines.TryGetValue(process, out Queue<T>? line))
            {
                _lines[process] = line = [];
                _turns.Enqueue(process);
            }

            line.Enqueue(item);
            Count++;
        }

        public T Take(out int process)
        {
            process = _turns.Dequeue();
            Queue<T> line = _lines[process];
            T item = line.Dequeue();
            Count--;
            if (line.Count > 0) _turns.Enqueue(process);
            else _lines.Remove(process);
            return item;
        }
    }
}
