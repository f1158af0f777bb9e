using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Residue;
using Spiffe.Agent.Residue.Scanning;

namespace Spiffe.Agent.Tests.Fuzz.Residue;

/// <summary>A needle anywhere, in pieces of any size, broken by any separators.</summary>
public sealed class ScanProperties
{
    private static readonly byte[][] Separators = [.. new[] { "\n", "\r\n", " ", "\t", ":", "\\n", "\\r\\n", "\0", "\n    " }.Select(Encoding.ASCII.GetBytes)];

    private static Gen<int[]> Numbers => Gen.Choose(1, 1 << 20).ArrayOf(24);

    [Fact]
    public void A_needle_at_any_offset_is_found_there_however_the_data_is_cut()
    {
        using Fingerprinter prints = new();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] pkcs8 = key.ExportPkcs8PrivateKey();
        byte[] core = key.ExportParameters(true).D![^30..];
        using SecretBytes secret = SecretBytes.CopyOf(pkcs8);
        NeedleTable table = new(prints.Key, [prints.OfPrivateKey("x509", "1", secret)]);
        NeedleScan scan = new(table);
        Prop.ForAll(Numbers.ToArbitrary(), numbers =>
        {
            byte[] hay = RandomNumberGenerator.GetBytes((numbers[0] % 200_000) + core.Length);
            int at = numbers[1] % (hay.Length - core.Length + 1);
            core.CopyTo(hay, at);

            Assert.Contains(Search(scan, hay, numbers), hit => hit.Offset == at);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void A_text_with_separators_anywhere_in_it_is_found_where_it_begins()
    {
        using Fingerprinter prints = new();
        string signature = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)).Replace('n', 'A');
        NeedleTable table = new(prints.Key, [prints.OfToken("jwt", "1", $"a.b.{signature}")]);
        NeedleScan scan = new(table);
        Prop.ForAll(Numbers.ToArbitrary(), numbers =>
        {
            List<byte> hay = [.. RandomNumberGenerator.GetBytes(numbers[0] % 150_000), (byte)'.'];
            int at = hay.Count;
            for (int i = 0; i < signature.Length; i++)
            {
                hay.Add((byte)signature[i]);
                if (numbers[2 + (i % 20)] % 5 == 0) hay.AddRange(Separators[numbers[2 + (i % 20)] % Separators.Length]);
            }

            hay.AddRange(RandomNumberGenerator.GetBytes(numbers[1] % 1_000));

            Assert.Equal(at, Assert.Single(Search(scan, [.. hay], numbers)).Offset);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Random_data_holds_nothing()
    {
        using Fingerprinter prints = new();
        NeedleTable table = new(prints.Key, [.. Enumerable.Range(0, 200).Select(_ => prints.OfToken("jwt", "1", $"a.b.{Convert.ToHexString(RandomNumberGenerator.GetBytes(64))}"))]);
        NeedleScan scan = new(table);
        byte[] hay = RandomNumberGenerator.GetBytes(4 << 20);

        Assert.Empty(Search(scan, hay, [1]));
        Assert.Empty(Search(scan, Encoding.ASCII.GetBytes(Convert.ToHexString(hay)), [1]));
    }

    private static List<Hit> Search(NeedleScan scan, byte[] hay, int[] cuts)
    {
        List<Hit> hits = [];
        scan.Restart();
        for (int at = 0, i = 0; at < hay.Length; i++)
        {
            int length = Math.Min(hay.Length - at, cuts[i % cuts.Length] % (i % 3 == 0 ? 7 : 100_000) + 1);
            scan.Feed(hay.AsSpan(at, length), hits);
            at += length;
        }

        Assert.Equal(hay.Length, scan.Position);
        return hits;
    }
}
