using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Store;

namespace Spiffe.Agent.Tests.Unit.Audit.Notes;

/// <summary>A statement about an inventory is one, and nothing else.</summary>
public sealed class InventoryStatementTests
{
    private const string Digest = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private static readonly InventoryStatement Example = new("example.org/audit", new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero), Digest, 12, 345);

    private static string Whole => AuditStore.Statement + InventoryStatement.Kind + "\n" + Encoding.UTF8.GetString(Example.ToText());

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.Equal($"spiffe-agent/statement@v1 inventory\nexample.org/audit\ntaken 2026-03-04T12:00:00.0000000Z\nsha256 {Digest}\ntasks 12\nlog 345\n", Whole);
        Assert.True(InventoryStatement.TryParse(Encoding.UTF8.GetBytes(Whole), out InventoryStatement? read, out _));
        Assert.Equal(Example, read);
    }

    [Theory]
    [InlineData("inventory", "residue")]
    [InlineData("statement@v1", "statement@v2")]
    [InlineData("example.org/audit", "two words")]
    [InlineData("taken 2026", "taken 02026")]
    [InlineData(".0000000Z", "Z")]
    [InlineData("FU\n", "FV\n")] // Another way to write the same bytes.
    [InlineData("sha256 ", "sha512 ")]
    [InlineData("tasks 12", "tasks 012")]
    [InlineData("log 345", "log -345")]
    [InlineData("log 345\n", "log 345")]
    [InlineData("log 345\n", "log 345\nmore\n")]
    public void There_is_one_way_to_write_it(string from, string to) =>
        Assert.False(InventoryStatement.TryParse(Encoding.UTF8.GetBytes(Whole.Replace(from, to, StringComparison.Ordinal)), out _, out _));

    [Theory]
    [InlineData("example.org/audit")]
    [InlineData("7")] // A log whose name could be a size.
    public void It_is_no_checkpoint_and_a_checkpoint_is_not_it(string origin)
    {
        byte[] statement = Encoding.UTF8.GetBytes(AuditStore.Statement + InventoryStatement.Kind + "\n" + Encoding.UTF8.GetString((Example with { Origin = origin }).ToText()));
        Assert.True(InventoryStatement.TryParse(statement, out _, out _));
        Assert.False(Checkpoint.TryParse(statement, out _, out _));
        Assert.False(InventoryStatement.TryParse(new Checkpoint(origin, 7, TreeHasher.Leaf("x"u8)).ToText(), out _, out _));
        Assert.False(InventoryStatement.TryParse(new Checkpoint(AuditStore.Statement + InventoryStatement.Kind, 7, TreeHasher.Leaf("x"u8)).ToText(), out _, out _));
    }
}
