using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Tests.Unit.Audit.Merkle;

/// <summary>What a proof does not prove.</summary>
public sealed class ProofTests
{
    private const int Size = 21;

    private static readonly Leaves Tree = Leaves.Numbered(Size);

    [Fact]
    public void A_node_cannot_be_passed_off_as_an_entry()
    {
        // Without prefixes the two children, put together, would be an entry with the hash of their parent.
        byte[] children = new byte[64];
        Tree.Node(0, 0).CopyTo(children);
        Tree.Node(0, 1).CopyTo(children.AsSpan(32));

        Assert.NotEqual(Tree.Node(1, 0), TreeHasher.Leaf(children));
    }

    [Fact]
    public void An_entry_is_hashed_the_same_however_long_it_is()
    {
        for (int length = 1_000; length < 1_050; length++)
        {
            byte[] entry = new byte[length];
            entry[^1] = 7;
            Assert.Equal(new TreeHash(System.Security.Cryptography.SHA256.HashData([0, .. entry])), TreeHasher.Leaf(entry));
        }
    }

    [Fact]
    public void Inclusion_is_not_proved_elsewhere_of_something_else_or_with_more_or_less()
    {
        for (int index = 0; index < Size; index++)
        {
            TreeHash[] path = [.. InclusionProof.Of(index, Size, Tree.Node)];
            TreeHash leaf = Tree.Node(0, index);
            TreeHash root = Tree.Frontier.Root;

            Assert.True(InclusionProof.Verify(leaf, index, Size, path, root));
            Assert.False(InclusionProof.Verify(leaf, (index + 1) % Size, Size, path, root));
            Assert.False(InclusionProof.Verify(Tree.Node(0, (index + 1) % Size), index, Size, path, root));
            Assert.False(InclusionProof.Verify(leaf, index, Size, path[1..], root));
            Assert.False(InclusionProof.Verify(leaf, index, Size, [.. path, path[0]], root));
            Assert.False(InclusionProof.Verify(leaf, index, Size, path, leaf));
        }

        Assert.False(InclusionProof.Verify(Tree.Frontier.Root, 0, 0, [], Tree.Frontier.Root));
        Assert.False(InclusionProof.Verify(Tree.Frontier.Root, -1, 1, [], Tree.Frontier.Root));
    }

    [Fact]
    public void Consistency_is_not_proved_of_a_tree_in_which_an_old_entry_was_changed()
    {
        for (int older = 1; older < Size; older++)
        {
            Leaves forged = new();
            for (int i = 0; i < Size; i++) forged.Append([(byte)(i == older - 1 ? 99 : i)]);
            Leaves honest = new();
            for (int i = 0; i < Size; i++) honest.Append([(byte)i]);
            TreeHash olderRoot = new Frontier(older, honest.Node).Root;

            Assert.True(ConsistencyProof.Verify(older, olderRoot, Size, honest.Frontier.Root, ConsistencyProof.Of(older, Size, honest.Node)));
            Assert.False(ConsistencyProof.Verify(older, olderRoot, Size, forged.Frontier.Root, ConsistencyProof.Of(older, Size, forged.Node)));
            Assert.False(ConsistencyProof.Verify(older, olderRoot, Size, forged.Frontier.Root, ConsistencyProof.Of(older, Size, honest.Node)));
        }
    }

    [Fact]
    public void Every_tree_follows_the_empty_one_and_none_follows_a_larger_one()
    {
        Assert.True(ConsistencyProof.Verify(0, TreeHasher.Empty, Size, Tree.Frontier.Root, []));
        Assert.True(ConsistencyProof.Verify(0, TreeHasher.Empty, 0, TreeHasher.Empty, []));
        Assert.False(ConsistencyProof.Verify(0, TreeHasher.Empty, 0, Tree.Frontier.Root, []));
        Assert.False(ConsistencyProof.Verify(0, Tree.Frontier.Root, Size, Tree.Frontier.Root, []));
        Assert.False(ConsistencyProof.Verify(Size, Tree.Frontier.Root, 0, TreeHasher.Empty, []));
        Assert.False(ConsistencyProof.Verify(3, Tree.Frontier.Root, Size, Tree.Frontier.Root, []));
    }

    [Fact]
    public void A_proof_for_what_is_not_there_is_a_bug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => InclusionProof.Of(Size, Size, Tree.Node));
        Assert.Throws<ArgumentOutOfRangeException>(() => InclusionProof.Of(-1, Size, Tree.Node));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConsistencyProof.Of(Size + 1, Size, Tree.Node));
    }

    [Fact]
    public void A_hash_has_one_text()
    {
        string text = Tree.Frontier.Root.ToString();
        Assert.True(TreeHash.TryParse(text, out TreeHash read));
        Assert.Equal(Tree.Frontier.Root, read);
        Assert.False(TreeHash.TryParse($" {text}", out _));
        Assert.False(TreeHash.TryParse(text.AsSpan(1), out _));
        Assert.False(TreeHash.TryParse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=", out _)); // Bits that are left over.
        Assert.True(TreeHash.TryParse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", out _));
    }
}
