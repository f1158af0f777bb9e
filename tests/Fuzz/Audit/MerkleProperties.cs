using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Tests.Fuzz.Audit;

/// <summary>The incremental tree and its proofs are those of the RFC's recursive definitions, written down as they stand there.</summary>
public sealed class MerkleProperties
{
    private static Gen<byte[][]> Logs =>
        from size in Gen.Choose(0, 70)
        from entries in Gen.Choose(0, 255).Select(b => new[] { (byte)b }).ArrayOf(size)
        select entries;

    [Fact]
    public void Roots_are_those_of_the_definition_at_every_size() =>
        Prop.ForAll(Logs.ToArbitrary(), entries =>
        {
            Dictionary<(int Level, long Index), TreeHash> nodes = [];
            Frontier frontier = new();
            for (int size = 0; size <= entries.Length; size++)
            {
                Assert.Equal(Root(entries.AsSpan(0, size)), frontier.Root);
                Assert.Equal(frontier.Subtrees.AsEnumerable(), new Frontier(size, (level, index) => nodes[(level, index)]).Subtrees);
                if (size < entries.Length) frontier.Append(TreeHasher.Leaf(entries[size]), (level, index, hash) => nodes.Add((level, index), hash));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Inclusion_proofs_are_those_of_the_definition_and_verify() =>
        Prop.ForAll(Logs.Where(log => log.Length > 0).ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (entries, seed) =>
        {
            int index = seed % entries.Length;
            IReadOnlyList<TreeHash> path = InclusionProof.Of(index, entries.Length, NodesOf(entries));

            Assert.Equal(Path(index, entries), path);
            Assert.True(InclusionProof.Verify(TreeHasher.Leaf(entries[index]), index, entries.Length, path, Root(entries)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Consistency_proofs_are_those_of_the_definition_and_verify() =>
        Prop.ForAll(Logs.ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (entries, seed) =>
        {
            int older = seed % (entries.Length + 1);
            IReadOnlyList<TreeHash> path = ConsistencyProof.Of(older, entries.Length, NodesOf(entries));

            Assert.Equal(older == 0 ? [] : Sub(older, entries, true), path);
            Assert.True(ConsistencyProof.Verify(older, Root(entries.AsSpan(0, older)), entries.Length, Root(entries), path));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_proof_with_one_hash_changed_proves_nothing() =>
        Prop.ForAll(Logs.Where(log => log.Length > 1).ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (entries, seed) =>
        {
            int older = 1 + (seed % (entries.Length - 1));
            TreeHash[] inclusion = [.. InclusionProof.Of(older, entries.Length, NodesOf(entries))];
            TreeHash[] consistency = [.. ConsistencyProof.Of(older, entries.Length, NodesOf(entries))];
            inclusion[seed % inclusion.Length] = TreeHasher.Empty;
            consistency[seed % consistency.Length] = TreeHasher.Empty;

            Assert.False(InclusionProof.Verify(TreeHasher.Leaf(entries[older]), older, entries.Length, inclusion, Root(entries)));
            Assert.False(ConsistencyProof.Verify(older, Root(entries.AsSpan(0, older)), entries.Length, Root(entries), consistency));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// <summary>A node by its definition: of complete subtrees, which a proof may only ask for within the tree.</summary>
    private static NodeAt NodesOf(byte[][] entries) => (level, index) => Root(entries.AsSpan((int)(index << level), 1 << level));

    // RFC 6962 §2.1.
    private static TreeHash Root(ReadOnlySpan<byte[]> d) => d.Length switch
    {
        0 => TreeHasher.Empty,
        1 => TreeHasher.Leaf(d[0]),
        _ => TreeHasher.Node(Root(d[..K(d.Length)]), Root(d[K(d.Length)..])),
    };

    // RFC 6962 §2.1.1.
    private static TreeHash[] Path(int m, ReadOnlySpan<byte[]> d)
    {
        if (d.Length == 1) return [];
        int k = K(d.Length);
        return m < k ? [.. Path(m, d[..k]), Root(d[k..])] : [.. Path(m - k, d[k..]), Root(d[..k])];
    }

    // RFC 6962 §2.1.2.
    private static TreeHash[] Sub(int m, ReadOnlySpan<byte[]> d, bool whole)
    {
        if (m == d.Length) return whole ? [] : [Root(d)];
        int k = K(d.Length);
        return m <= k ? [.. Sub(m, d[..k], whole), Root(d[k..])] : [.. Sub(m - k, d[k..], false), Root(d[..k])];
    }

    /// <summary>The largest power of two smaller than n.</summary>
    private static int K(int n)
    {
        int k = 1;
        while (k * 2 < n) k *= 2;
        return k;
    }
}
