using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>A bounded memory that forgets what was used longest ago.</summary>
internal sealed class LeastRecentlyUsed<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new(); // guards both below
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _byKey = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _byUse = [];

    internal int Count
    {
        get
        {
            lock (_lock) return _byKey.Count;
        }
    }

    internal bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            value = default;
            if (!_byKey.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value)>? node)) return false;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    internal void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_byKey.Remove(key, out LinkedListNode<(TKey Key, TValue Value)>? old)) _byUse.Remove(old);
            _byKey[key] = _byUse.AddFirst((key, value));
            if (_byKey.Count <= capacity) return;
            _byKey.Remove(_byUse.Last!.Value.Key);
            _byUse.RemoveLast();
        }
    }
}
