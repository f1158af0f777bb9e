namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>A part of a process's memory, as its smaps has it.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">The address behind the last.</param>
/// <param name="Permissions">Such as <c>rw-p</c>.</param>
/// <param name="Name">The file; empty or in brackets when there is none.</param>
/// <param name="Flags">What the kernel was told of it: <c>lo</c> locked, <c>dd</c> not in core dumps.</param>
internal sealed record MappedRegion(long Start, long End, string Permissions, string Name, IReadOnlySet<string> Flags)
{
    /// <summary>Belongs to this process alone, and to no file.</summary>
    public bool IsPrivate => Permissions.EndsWith('p') && (Name.Length == 0 || Name.StartsWith('['));
}
