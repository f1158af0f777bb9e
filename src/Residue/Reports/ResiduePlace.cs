namespace Spiffe.Agent.Residue.Reports;

/// <summary>A place that was looked at.</summary>
/// <param name="Place">What kind of place.</param>
/// <param name="Path">Which; with 0 files, nothing was there.</param>
/// <param name="Files">Files, processes, dumps or outputs in it.</param>
/// <param name="Bytes">Bytes of them, unpacked ones too.</param>
/// <param name="Passed">Links, pipes, sockets and terminals: nothing lies in them, and none of them was opened. A link's own text was looked at.</param>
public sealed record ResiduePlace(PlaceKind Place, string Path, long Files, long Bytes, long Passed);
