namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>An open task: its credentials that can still die, and how far they died. Guarded by the ledger's lock.</summary>
internal sealed class LedgerTask
{
    private readonly List<LedgerEntry> _entries = [];

    /// <summary>The last generation that is revoked.</summary>
    public int RevokedThrough { get; set; } = -1;

    /// <summary>Credentials in the ledger, dead or not.</summary>
    public int Held { get; set; }

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public void Add(LedgerEntry entry)
    {
        entry.Slot = _entries.Count;
        _entries.Add(entry);
    }

    /// <summary>Nothing can change the entry any more. The last one takes its slot.</summary>
    public void Remove(LedgerEntry entry)
    {
        if (entry.Slot < 0) return;
        LedgerEntry last = _entries[^1];
        _entries[entry.Slot] = last;
        last.Slot = entry.Slot;
        _entries.RemoveAt(_entries.Count - 1);
        entry.Slot = -1;
    }
}
