using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Authority.Revocation;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Conformance;

/// <summary>OAuth Token Status List (draft-ietf-oauth-status-list): its own examples, read and written with our bits. The trait is the clause.</summary>
public sealed class StatusListClauses : IDisposable
{
    private const int VectorEntries = 1 << 20;

    // §4.1: twelve states of two bits.
    private static readonly int[] Example = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];

    // §C.2, two bits: all others are 0.
    private static readonly (int Index, int Status)[] Vector =
    [
        (0, 1), (1993, 2), (25460, 1), (159495, 3), (495669, 1), (554353, 1), (645645, 2), (723232, 1), (854545, 1), (934534, 2), (1000345, 3),
    ];

    private const string VectorList =
        "eNrt2zENACEQAEEuoaBABP5VIO01fCjIHTMStt9ovGVIAAAAAABAbiEBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEB5WwIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAID0ugQAAAAAAAAAAAAAAAAAQG12SgAAAAAAAAAAAAAAAAAAAAAAAAAAAOCSIQEAAAAAAAAAAAAAAAAAAAAAAAD8ExIA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwJEuAQAAAAAAAAAAAAAAAAAAAAAAAMB9SwIAAAAAAAAAAAAAAAAAAACoYUoAAAAAAAAAAAAAAEBqH81gAQw";

    private readonly EmbeddedAuthority _authority = new(new AuthorityOptions { TrustDomain = TrustDomain.Parse("example.org") }, TimeProvider.System);

    public void Dispose() => _authority.Dispose();

    [Fact]
    [Trait("clause", "TSL §4.1")]
    public void States_are_packed_from_the_least_significant_bit_on()
    {
        byte[] packed = new byte[3];
        for (int i = 0; i < Example.Length; i++) StatusBits.Set(packed, i, Example[i]);
        Assert.Equal([0xC9, 0x44, 0xF9], packed);
        Assert.Equal(Example, Enumerable.Range(0, Example.Length).Select(i => StatusBits.Get(packed, i)));
    }

    [Fact]
    [Trait("clause", "TSL §4.2")]
    public void The_draft_s_short_list_unpacks_to_its_bytes_and_so_does_ours()
    {
        Assert.Equal([0xC9, 0x44, 0xF9], Unpack("eNo76fITAAPfAgc"));
        Assert.Equal([0xC9, 0x44, 0xF9], Unpack(ListOf(new byte[] { 0xC9, 0x44, 0xF9 })));
    }

    [Fact]
    [Trait("clause", "TSL §C.2")]
    public void The_draft_s_vector_of_a_million_states_reads_as_it_should()
    {
        byte[] packed = Unpack(VectorList);
        Assert.Equal(VectorEntries / StatusBits.PerByte, packed.Length);
        foreach ((int index, int status) in Vector) Assert.Equal(status, StatusBits.Get(packed, index));
        foreach ((int index, _) in Vector) StatusBits.Set(packed, index, 0);
        Assert.True(packed.AsSpan().IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    [Trait("clause", "TSL §4.2")]
    public void Lst_is_zlib_in_base64url_without_padding()
    {
        string list = ListOf(new byte[4096]);
        Assert.DoesNotContain('=', list);
        byte[] compressed = Base64Url.DecodeFromChars(list);
        Assert.Equal(0x78, compressed[0]); // RFC 1950: deflate, 32 KiB window,
        Assert.Equal(0xDA, compressed[1]); // at the highest level.
        Assert.Equal(new byte[4096], Unpack(list));
    }

    [Fact]
    [Trait("clause", "TSL §5.1")]
    public void A_token_has_the_type_and_the_claims()
    {
        StatusListToken token = _authority.SignStatusList(new StatusListRequest
        {
            Uri = "https://node.example.org/status/7",
            Statuses = new byte[4],
            TimeToLive = TimeSpan.FromSeconds(15),
            Lifetime = TimeSpan.FromSeconds(60),
        });
        string[] parts = token.Token.Split('.');
        using JsonDocument header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));

        Assert.Equal("statuslist+jwt", header.RootElement.GetProperty("typ").GetString());
        Assert.Equal(token.KeyId, header.RootElement.GetProperty("kid").GetString());
        Assert.Equal(["sub", "iat", "exp", "ttl", "status_list"], claims.RootElement.EnumerateObject().Select(c => c.Name));
        Assert.Equal("https://node.example.org/status/7", claims.RootElement.GetProperty("sub").GetString());
        Assert.Equal(15, claims.RootElement.GetProperty("ttl").GetInt64());
        Assert.Equal(60, claims.RootElement.GetProperty("exp").GetInt64() - claims.RootElement.GetProperty("iat").GetInt64());
        Assert.Equal(2, claims.RootElement.GetProperty("status_list").GetProperty("bits").GetInt32());
    }

    [Theory]
    [Trait("clause", "TSL §4.1")]
    [InlineData(-1)]
    [InlineData(4)]
    public void A_state_that_does_not_fit_is_not_written_over_others(int status)
    {
        byte[] packed = new byte[1];
        Assert.Throws<ArgumentOutOfRangeException>(() => StatusBits.Set(packed, 1, status));
        Assert.Equal(0, packed[0]);
    }

    [Fact]
    public void However_its_states_look_the_token_of_a_full_list_fits_into_a_token()
    {
        byte[] noise = System.Security.Cryptography.RandomNumberGenerator.GetBytes(4096);
        Assert.Equal(noise, Unpack(ListOf(noise)));
    }

    private static byte[] Unpack(string list)
    {
        using MemoryStream unpacked = new();
        using (ZLibStream zlib = new(new MemoryStream(Base64Url.DecodeFromChars(list)), CompressionMode.Decompress)) zlib.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private string ListOf(byte[] statuses)
    {
        string token = _authority.SignStatusList(new StatusListRequest
        {
            Uri = "https://node.example.org/status/1",
            Statuses = statuses,
            TimeToLive = TimeSpan.FromSeconds(15),
            Lifetime = TimeSpan.FromSeconds(60),
        }).Token;
        using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        return claims.RootElement.GetProperty("status_list").GetProperty("lst").GetString()!;
    }
}
