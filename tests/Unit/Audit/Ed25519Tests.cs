using Spiffe.Agent.Audit.Crypto;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Audit;

/// <summary>Ed25519 through libcrypto: the vectors of RFC 8032 §7.1, and what must not verify.</summary>
public sealed class Ed25519Tests
{
    [Theory]
    [InlineData("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void The_vectors_of_the_RFC_are_signed_and_verified_as_they_stand(string seed, string publicKey, string message, string signature)
    {
        using SecretBytes secret = SecretBytes.CopyOf(Convert.FromHexString(seed));
        using Ed25519PrivateKey key = new(secret);

        Assert.Equal(publicKey, Convert.ToHexStringLower([.. key.PublicKey]));
        Assert.Equal(signature, Convert.ToHexStringLower(key.Sign(Convert.FromHexString(message))));
        Assert.True(Ed25519.Verify([.. key.PublicKey], Convert.FromHexString(message), Convert.FromHexString(signature)));
    }

    [Fact]
    public void Nothing_else_verifies()
    {
        using SecretBytes seed = Ed25519PrivateKey.NewSeed();
        using SecretBytes anotherSeed = Ed25519PrivateKey.NewSeed();
        using Ed25519PrivateKey key = new(seed);
        using Ed25519PrivateKey another = new(anotherSeed);
        byte[] message = [1, 2, 3];
        byte[] signature = key.Sign(message);
        byte[] publicKey = [.. key.PublicKey];

        Assert.True(Ed25519.Verify(publicKey, message, signature));
        Assert.False(Ed25519.Verify([.. another.PublicKey], message, signature));
        Assert.False(Ed25519.Verify(publicKey, [1, 2], signature));
        Assert.False(Ed25519.Verify(publicKey, message, signature.AsSpan(1)));
        Assert.False(Ed25519.Verify(publicKey.AsSpan(1), message, signature));
        Assert.False(Ed25519.Verify(publicKey, message, []));
        for (int bit = 0; bit < signature.Length * 8; bit++)
        {
            byte[] flipped = [.. signature];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Ed25519.Verify(publicKey, message, flipped));
        }
    }

    /// <summary>RFC 8032 §5.1.7: S must be below the order of the group, or one signature would have a second form.</summary>
    [Fact]
    public void A_signature_with_the_order_added_to_S_is_refused()
    {
        using SecretBytes seed = Ed25519PrivateKey.NewSeed();
        using Ed25519PrivateKey key = new(seed);
        byte[] signature = key.Sign([]);
        byte[] order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        int carry = 0;
        for (int i = 0; i < 32; i++)
        {
            carry += signature[32 + i] + order[i];
            signature[32 + i] = (byte)(carry & 0xff);
            carry >>= 8;
        }

        Assert.False(Ed25519.Verify([.. key.PublicKey], [], signature));
    }

    [Fact]
    public void A_key_that_is_gone_signs_nothing_and_a_seed_of_another_size_is_none()
    {
        using SecretBytes seed = Ed25519PrivateKey.NewSeed();
        Ed25519PrivateKey key = new(seed);
        key.Dispose();
        using SecretBytes small = SecretBytes.CopyOf([1, 2, 3]);

        Assert.Throws<ObjectDisposedException>(() => key.Sign([]));
        Assert.Throws<ArgumentException>(() => new Ed25519PrivateKey(small));
        Assert.Equal("[redacted]", key.ToString());
    }

    [Fact]
    public async Task Many_threads_sign_with_one_key()
    {
        using SecretBytes seed = Ed25519PrivateKey.NewSeed();
        using Ed25519PrivateKey key = new(seed);
        byte[] expected = key.Sign([5]);

        byte[][] signatures = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => key.Sign([5]))));

        Assert.All(signatures, signature => Assert.Equal(expected, signature));
    }
}
