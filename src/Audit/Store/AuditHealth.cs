namespace Spiffe.Agent.Audit.Store;

/// <summary>How a log is doing, for operators.</summary>
/// <param name="Origin">Its name.</param>
/// <param name="Size">Entries that are safe on the disk.</param>
/// <param name="Published">Entries that a published checkpoint covers.</param>
/// <param name="Waiting">Records that have a place and are not on the disk yet.</param>
/// <param name="Lost">Records that were owed and could not be kept since the start; the log says so itself.</param>
/// <param name="Fault">Why nothing can be written now, for people; empty: it can.</param>
public sealed record AuditHealth(string Origin, long Size, long Published, int Waiting, long Lost, string Fault)
{
    /// <summary>Whether what gives rights can be written down.</summary>
    public bool IsWritable => Fault.Length == 0;
}
