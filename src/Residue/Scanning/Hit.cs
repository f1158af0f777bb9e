namespace Spiffe.Agent.Residue.Scanning;

/// <summary>A needle in the hay.</summary>
/// <param name="Needle">Which, by its number in the table.</param>
/// <param name="Offset">Where its first byte stands, counted in bytes from the beginning of the data.</param>
internal readonly record struct Hit(int Needle, long Offset);
