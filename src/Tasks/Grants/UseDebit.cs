using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Uses that a parent handed to one child: kept by the parent until the child ends. Equal to itself only, so that it is returned once.</summary>
public sealed class UseDebit
{
    internal UseDebit(string childDigest, ImmutableArray<(int Parent, long Uses)> lines) => (ChildDigest, Lines) = (childDigest, lines);

    /// <summary>Digest of the grant that the child began with.</summary>
    public string ChildDigest { get; }

    /// <summary>For each detail of the child: which detail of the parent it is taken from, and how many uses; 0 where that is not counted.</summary>
    internal ImmutableArray<(int Parent, long Uses)> Lines { get; }
}
