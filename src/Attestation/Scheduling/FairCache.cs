using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Attestation.Scheduling;

/// <summary>A bounded memory. When it is full the user who holds most of it loses what he used longest ago: nobody's flood makes others forget.</summary>
internal sealed class FairCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _gate = new(); // Guards both below.
    private readonly Dictionary<TKey, LinkedListNode<Known>> _byKey = [];
    private readonly Dictionary<uint, LinkedList<Known>> _byUser = []; // Each by use, the latest first.

    internal int Count
    {
        get
        {
            lock (_gate) return _byKey.Count;
        }
    }

    internal bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            value = default;
            if (!_byKey.TryGetValue(key, out LinkedListNode<Known>? node)) return false;
            LinkedList<Known> byUse = node.List!;
            byUse.Remove(node);
            byUse.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    /// <param name="key">What it is found by.</param>
    /// <param name="value">What is remembered.</param>
    /// <param name="userId">Whose share it uses.</param>
    internal void Set(TKey key, TValue value, uint userId)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out LinkedListNode<Known>? old)) Forget(old);
            else if (_byKey.Count >= capacity) Forget(_byUser.Values.MaxBy(held => held.Count)!.Last!);
            if (!_byUser.TryGetValue(userId, out LinkedList<Known>? byUse)) _byUser[userId] = byUse = [];
            _byKey[key] = byUse.AddFirst(new Known(key, value, userId));
        }
    }

    private void Forget(LinkedListNode<Known> node)
    {
        LinkedList<Known> byUse = node.List!;
        byUse.Remove(node);
        _byKey.Remove(node.Value.Key);
        if (byUse.Count == 0) _byUser.Remove(node.Value.UserId);
    }

    private sealed record Known(TKey Key, TValue Value, uint UserId);
}
