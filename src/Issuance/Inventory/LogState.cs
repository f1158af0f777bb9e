namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>How the log is doing in which everything is written down.</summary>
/// <param name="Origin">Its name.</param>
/// <param name="Size">Entries that are safe on the disk.</param>
/// <param name="Published">Entries that a published head covers.</param>
/// <param name="Waiting">Entries that have a place and are not on the disk yet.</param>
/// <param name="Lost">Entries that were owed and could not be kept since the start.</param>
/// <param name="Fault">Why nothing can be written now, and so nothing is issued; empty: it can.</param>
public sealed record LogState(string Origin, long Size, long Published, int Waiting, long Lost, string Fault);
