using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Tests.Unit.Audit.Tiles;

/// <summary>C2SP tlog-tiles, with its own examples.</summary>
public sealed class TilePathTests
{
    [Theory]
    [InlineData(0, 0, 256, "tile/0/000")]
    [InlineData(0, 1_234_067, 256, "tile/0/x001/x234/067")]
    [InlineData(1, 999, 255, "tile/1/999.p/255")]
    [InlineData(7, 1_000, 1, "tile/7/x001/000.p/1")]
    public void Tiles_are_where_the_specification_says(int level, long index, int width, string path) => Assert.Equal(path, TilePath.Tile(level, index, width));

    [Fact]
    public void Bundles_are_beside_them()
    {
        Assert.Equal("tile/entries/x001/x234/067", TilePath.Entries(1_234_067));
        Assert.Equal("tile/entries/000.p/17", TilePath.Entries(0, 17));
    }

    /// <summary>"A tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile of width 112, one full level 1 tile, …"</summary>
    [Theory]
    [InlineData(70_000, 0, 273, 112)]
    [InlineData(70_000, 1, 1, 17)]
    [InlineData(70_000, 2, 0, 1)]
    [InlineData(70_000, 3, 0, 0)]
    [InlineData(256, 0, 1, 0)]
    [InlineData(256, 1, 0, 1)]
    [InlineData(long.MaxValue, 7, 0, 127)]
    public void A_size_says_which_tiles_there_are(long size, int level, long full, int partial) =>
        Assert.Equal((full, partial), (TilePath.FullTiles(level, size), TilePath.EdgeWidth(level, size)));

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(8, 0, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 257)]
    public void Other_tiles_there_are_none(int level, long index, int width) => Assert.Throws<ArgumentOutOfRangeException>(() => TilePath.Tile(level, index, width));
}
