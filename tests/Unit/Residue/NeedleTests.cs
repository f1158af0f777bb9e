using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Residue;
using Spiffe.Agent.Residue.Needles;
using Spiffe.Agent.Residue.Scanning;

namespace Spiffe.Agent.Tests.Unit.Residue;

/// <summary>Prints find what they are of, in whatever spelling, and hold nothing of it.</summary>
public sealed class NeedleTests : IDisposable
{
    private readonly Fingerprinter _prints = new();
    private readonly Credential _credential = Credential.New();

    public static TheoryData<string> EverySpelling => [.. Spellings.All.Keys];

    public void Dispose()
    {
        _prints.Dispose();
        _credential.Dispose();
    }

    [Theory]
    [MemberData(nameof(EverySpelling))]
    public void Every_spelling_is_found_amid_other_data_and_another_tasks_is_not(string spelling)
    {
        using Credential other = Credential.New();
        byte[] hay = [.. RandomNumberGenerator.GetBytes(1_001), .. Spellings.All[spelling](_credential), .. RandomNumberGenerator.GetBytes(777)];
        byte[] others = [.. RandomNumberGenerator.GetBytes(1_001), .. Spellings.All[spelling](other), .. RandomNumberGenerator.GetBytes(777)];

        Assert.NotEmpty(Find(hay, _credential.Prints(_prints)));
        Assert.Empty(Find(others, _credential.Prints(_prints)));
    }

    [Fact]
    public void A_search_for_what_was_handed_out_misses_most_spellings()
    {
        // What makes the needles worth their trouble.
        int naive = Spellings.All.Values.Count(spell => Spellings.IsFoundNaively(spell(_credential), _credential));

        Assert.InRange(naive, 1, 5);
        Assert.All(Spellings.All.Values, spell => Assert.NotEmpty(Find(spell(_credential), _credential.Prints(_prints))));
    }

    [Fact]
    public void What_was_found_is_said_to_begin_where_it_begins()
    {
        byte[] core = _credential.Scalar[^30..];
        byte[] plain = [.. new byte[4_321], .. _credential.Pkcs8];
        byte[] text = Spellings.Text(new string('x', 99) + ":" + string.Join("\r\n  ", Convert.ToHexStringLower(core).Chunk(10).Select(part => new string(part))));

        Assert.Contains(Find(plain, _credential.Prints(_prints)), hit => hit.Offset == plain.AsSpan().IndexOf(core));
        Assert.Equal(100, Assert.Single(Find(text, _credential.Prints(_prints))).Offset);
    }

    [Fact]
    public void Of_an_RSA_key_each_number_that_gives_the_key_away_is_found()
    {
        using Credential rsa = Credential.NewRsa();
        RSAParameters numbers = ((RSA)rsa.Key).ExportParameters(true);

        Assert.All([numbers.D!, numbers.P!, numbers.Q!], number => Assert.NotEmpty(Find(Spellings.Text(Base64Url.EncodeToString(number)), rsa.Prints(_prints))));
        Assert.Empty(Find(numbers.Modulus!, rsa.Prints(_prints)));
        Assert.NotEmpty(Find(Spellings.Text(((RSA)rsa.Key).ExportRSAPrivateKeyPem()), rsa.Prints(_prints)));
    }

    [Fact]
    public void A_number_written_without_its_leading_zeros_is_found()
    {
        byte[] scalar = [0, 0, .. RandomNumberGenerator.GetBytes(30)];
        List<Needle> needles = [];
        new NeedleForge(_prints.Key).OfNumber(scalar, needles);

        Assert.NotEmpty(Find(scalar.AsSpan(2), [new CredentialPrint("x509", "1", [.. needles])]));
        Assert.NotEmpty(Find(Spellings.Text(Base64Url.EncodeToString(scalar.AsSpan(2))), [new CredentialPrint("x509", "1", [.. needles])]));
    }

    [Fact]
    public void A_token_with_its_key_is_found_by_either()
    {
        using SecretBytes jwk = SecretBytes.CopyOf(Spellings.Text(_credential.Jwk));
        CredentialPrint print = _prints.OfTokenWithKey("wit", "w-1", _credential.Token, jwk);

        Assert.NotEmpty(Find(Spellings.Text(_credential.Token), [print]));
        Assert.NotEmpty(Find(_credential.Pkcs8, [print]));
    }

    [Fact]
    public void What_is_no_key_or_token_is_said_not_to_be_findable()
    {
        using SecretBytes garbage = SecretBytes.CopyOf(RandomNumberGenerator.GetBytes(138));
        using SecretBytes empty = SecretBytes.CopyOf("{}"u8);

        Assert.False(_prints.OfPrivateKey("x509", "1", garbage).CanBeFound);
        Assert.False(_prints.OfTokenWithKey("wit", "1", _credential.Token, empty).CanBeFound);
        Assert.False(_prints.OfToken("jwt", "1", "a.b.c").CanBeFound);
    }

    [Fact]
    public void No_four_bytes_of_a_secret_are_in_its_needles()
    {
        // Every spelling of every secret, against every byte that is kept of them: 32 bits in a row would be a leak (or chance, one in some million runs).
        byte[] kept = [.. _credential.Prints(_prints).SelectMany(print => print.Needles).SelectMany(Bytes)];
        HashSet<uint> words = [.. Enumerable.Range(0, kept.Length - 3).Select(i => BitConverter.ToUInt32(kept, i))];

        IEnumerable<byte[]> secrets = [_credential.Scalar, [.. _credential.Scalar.Reverse()], Spellings.Text(_credential.Token[^86..]), .. Spellings.All.Values.Select(spell => spell(_credential))];
        Assert.All(secrets, secret => Assert.DoesNotContain(Enumerable.Range(0, secret.Length - 3), i => words.Contains(BitConverter.ToUInt32(secret, i))));

        static IEnumerable<byte> Bytes(Needle needle)
        {
            byte[] tag = new byte[16];
            MemoryMarshal.Write(tag, needle.Tag);
            return [.. BitConverter.GetBytes(needle.Anchors[0]), .. BitConverter.GetBytes(needle.Anchors[1]), .. BitConverter.GetBytes(needle.Anchors[2]), .. BitConverter.GetBytes(needle.Anchors[3]), .. tag];
        }
    }

    [Fact]
    public void The_anchors_of_all_spellings_lie_in_the_same_eight_bytes_of_a_key()
    {
        // Two keys that share those bytes have the same anchors, and no tag in common: nothing else goes into what is linear.
        byte[] one = RandomNumberGenerator.GetBytes(32);
        byte[] two = [.. one[..10], .. RandomNumberGenerator.GetBytes(22)];
        (List<Needle> first, List<Needle> second) = (NeedlesOf(one), NeedlesOf(two));

        Assert.Empty(first.Select(needle => needle.Tag).Intersect(second.Select(needle => needle.Tag)));
        Assert.Equal(first.Select(needle => needle.Anchors).ToHashSet(), second.Select(needle => needle.Anchors).Where(anchors => first.Exists(needle => needle.Anchors.Equals(anchors))).ToHashSet());
    }

    [Fact]
    public void Prints_of_another_run_say_nothing_here()
    {
        using Fingerprinter other = new();

        Assert.NotEmpty(Find(_credential.Pkcs8, _credential.Prints(_prints)));
        Assert.Empty(Find(_credential.Pkcs8, _credential.Prints(other)));
    }

    private List<Needle> NeedlesOf(byte[] number)
    {
        List<Needle> needles = [];
        new NeedleForge(_prints.Key).OfNumber(number, needles);
        return needles;
    }

    private List<Hit> Find(ReadOnlySpan<byte> hay, IReadOnlyList<CredentialPrint> prints)
    {
        List<Hit> hits = [];
        new NeedleScan(new NeedleTable(_prints.Key, prints)).Feed(hay, hits);
        return hits;
    }
}
