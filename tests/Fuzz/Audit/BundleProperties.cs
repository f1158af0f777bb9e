using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Tests.Fuzz.Audit;

/// <summary>Bundles, cut anywhere.</summary>
public sealed class BundleProperties
{
    private static Gen<byte[][]> EntryLists => Gen.Choose(0, 600).SelectMany(length => Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(length)).ArrayOf(5);

    [Fact]
    public void Cut_anywhere_a_bundle_gives_the_entries_before_the_cut_whole_and_nothing_of_the_torn_one() =>
        Prop.ForAll(EntryLists.ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (entries, seed) =>
        {
            ArrayBufferWriter<byte> bundle = new();
            List<int> ends = [0];
            foreach (byte[] entry in entries)
            {
                EntryBundle.Append(bundle, entry);
                ends.Add(bundle.WrittenCount);
            }

            int cut = seed % (bundle.WrittenCount + 1);
            ReadOnlyMemory<byte> rest = bundle.WrittenMemory[..cut];
            List<byte[]> read = [];
            while (EntryBundle.TryTake(ref rest, out ReadOnlyMemory<byte> entry)) read.Add(entry.ToArray());

            int whole = ends.Count(end => end <= cut) - 1;
            Assert.Equal(entries[..whole], read);
            Assert.Equal(cut - ends[whole], rest.Length);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
}
