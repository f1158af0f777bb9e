namespace Spiffe.Agent.Tests.Unit.Audit.Store.Disks;

/// <summary>One call of the kernel.</summary>
/// <param name="Call">Which.</param>
/// <param name="File">Of calls on an open file: which, counted as they were opened.</param>
/// <param name="Path">Of calls on names; of a file its first name.</param>
/// <param name="To">Of renaming: the new name.</param>
/// <param name="Bytes">What was written.</param>
/// <param name="Number">Where to truncate; what was acknowledged.</param>
/// <param name="AtStart">Of writing: over what the file holds, not behind it.</param>
internal sealed record DiskStep(Call Call, int File = -1, string Path = "", string To = "", byte[]? Bytes = null, long Number = 0, bool AtStart = false);
