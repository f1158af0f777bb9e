namespace Spiffe.Agent.Audit.Verification.Heads;

/// <summary>An entry that names the next key.</summary>
/// <param name="From">How many entries there are with it: the last size that the older key signs.</param>
/// <param name="Position">Which of the keys follows, from 0, oldest first.</param>
/// <param name="Place">Where the entry is.</param>
internal sealed record Succession(long From, int Position, string Place)
{
    /// <summary>Whether the older key signed a head of just that size, and so the entry itself.</summary>
    public bool IsVouched { get; set; }
}
