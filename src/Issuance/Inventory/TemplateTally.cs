using System.Collections.Immutable;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>What became of one template since the start: how many tasks it had, and which of its rights any of them has used. Safe from many threads.</summary>
internal sealed class TemplateTally(AuthorizationDetails ceiling)
{
    private readonly Lock _gate = new(); // Guards all below.
    private readonly bool[] _used = new bool[ceiling.Items.Length];
    private int _unused = ceiling.Items.Length;
    private long _begun;
    private DateTimeOffset? _lastBegunAt;

    /// <summary>The rights that are counted.</summary>
    public AuthorizationDetails Ceiling => ceiling;

    public (long Begun, DateTimeOffset? LastBegunAt) Begun
    {
        get
        {
            lock (_gate) return (_begun, _lastBegunAt);
        }
    }

    /// <summary>Rights that no permitted action has come under.</summary>
    public ImmutableArray<AuthorizationDetail> NeverUsed
    {
        get
        {
            lock (_gate) return [.. ceiling.Items.Where((_, i) => !_used[i])];
        }
    }

    /// <summary>The same template after it was read anew: what of its rights is as before keeps what is known of it.</summary>
    public TemplateTally With(AuthorizationDetails other)
    {
        TemplateTally next = new(other);
        lock (_gate)
        {
            (next._begun, next._lastBegunAt) = (_begun, _lastBegunAt);
            for (int i = 0; i < other.Items.Length; i++)
            {
                int before = ceiling.Items.IndexOf(other.Items[i]);
                if (before >= 0 && _used[before]) next.Mark(i);
            }
        }

        return next;
    }

    public void HasBegun(DateTimeOffset now)
    {
        lock (_gate) (_begun, _lastBegunAt) = (_begun + 1, now);
    }

    /// <summary>An action was permitted: every right that allows it was of use. Costs nothing once all were.</summary>
    public void WasUsed(ActionQuestion question)
    {
        if (Volatile.Read(ref _unused) == 0) return;
        GrantFinding finding = ceiling.Find(question);
        lock (_gate)
        {
            foreach (int index in finding.Granting) Mark(index);
        }
    }

    private void Mark(int index)
    {
        if (_used[index]) return;
        _used[index] = true;
        _unused--;
    }
}
