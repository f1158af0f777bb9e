using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification.Tree;

/// <summary>Decides, of a bundle and its tile, what the tree holds; where they differ, which of them was changed: the one whose hash is not the one signed for above.</summary>
internal sealed class BundleJudge(HigherTiles above, TreeHash signedRoot, FindingList findings)
{
    private TreeHash[] _leaves = [];

    /// <summary>Hashes of the entries as the tree holds them; empty: nobody knows.</summary>
    public ReadOnlySpan<TreeHash> Leaves => _leaves.AsSpan(0, _leaves.Length == 0 ? 0 : Width);

    /// <summary>Of the bundle that was judged last.</summary>
    public int Width { get; private set; }

    /// <summary>The hash over a full bundle; null: nobody knows.</summary>
    public TreeHash? Hash { get; private set; }

    /// <summary>Names what is wrong with the two files, and settles <see cref="Leaves"/> and <see cref="Hash"/>.</summary>
    public void Judge(CheckedBundle bundle)
    {
        Width = bundle.Width;
        if (bundle.Outcome is not (FileOutcome.Done or FileOutcome.Missing)) findings.Add(bundle.Outcome, FindingKind.EntriesMissing, bundle.Path, bundle.First);
        if (bundle.Fault.Length > 0) findings.Add(FindingKind.BundleMalformed, bundle.Path, bundle.First + bundle.Count, bundle.Fault);
        if (bundle.TileOutcome != FileOutcome.Done) findings.Add(bundle.TileOutcome, FindingKind.TileMissing, bundle.TilePathRead, bundle.First);
        else if (bundle.TileFault.Length > 0) findings.Add(FindingKind.TileMalformed, bundle.TilePathRead, bundle.First, bundle.TileFault);

        bool hasBoth = bundle.HasEntries && bundle.HasTile;
        ReadOnlySpan<TreeHash> own = bundle.Leaves.AsSpan(0, Width), tile = bundle.TileLeaves.AsSpan(0, Width);
        bool trustsEntries = bundle.HasEntries && (!bundle.HasTile || own.SequenceEqual(tile) || IsSigned(bundle, own, bundle.Hash));
        if (trustsEntries && hasBoth && !own.SequenceEqual(tile))
        {
            int at = own.CommonPrefixLength(tile);
            findings.Add(FindingKind.TileChanged, bundle.TilePathRead, bundle.First + at, "holds another hash than the entry has");
        }

        _leaves = trustsEntries ? bundle.Leaves : bundle.HasTile ? bundle.TileLeaves : [];
        bool isFull = Width == TilePath.Width;
        Hash = !isFull ? null : trustsEntries ? bundle.Hash : bundle.HasTile ? RootOf.Leaves(tile) : above.ClaimOf(bundle.Index);
    }

    private bool IsSigned(CheckedBundle bundle, ReadOnlySpan<TreeHash> leaves, TreeHash hash) =>
        bundle.Width == TilePath.Width ? above.ClaimOf(bundle.Index) == hash : RootOf.Tree(above.Subtrees, leaves) == signedRoot;
}
