using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Tests.Fuzz.Identity;

/// <summary>What holds for every parser of identities, whatever it is given: it answers, it does not throw, and what it accepts it prints the same.</summary>
public sealed class ParserProperties : IDisposable
{
    private static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly TrustDomain Domain = TrustDomain.Parse("example.org");
    private static readonly SpiffeId Web = SpiffeId.Parse("spiffe://example.org/web");

    private readonly EmbeddedAuthority _authority = new(new AuthorityOptions { TrustDomain = Domain }, TimeProvider.System);

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void A_spiffe_id_that_is_read_prints_to_an_equal_one() =>
        Prop.ForAll(Mutations.Joined("spiffe://", "SPIFFE://", "example.org", "/", "a", ".", "..", "%2f", "Z_-9"), text =>
        {
            if (!SpiffeId.TryParse(text, out SpiffeId? id, out SpiffeIdRule broken)) return broken != SpiffeIdRule.None;
            return SpiffeId.TryParse(id.ToString(), out SpiffeId? again, out _) && id.Equals(again) && id.ToString().Length <= SpiffeId.MaxLength
                && string.Equals(id.ToString(), again.ToString(), StringComparison.Ordinal) && string.Equals(id.Path, text[^id.Path.Length..], StringComparison.Ordinal);
        }).Check(Thousands);

    [Fact]
    public void A_selector_that_is_read_prints_as_it_was_written() =>
        Prop.ForAll(Mutations.Joined("unix", ":", "uid:1", "docker:label:a:b"), text =>
            !Selector.TryParse(text, out Selector selector, out string? fault) ? fault is not null : string.Equals(selector.ToString(), text, StringComparison.Ordinal)).Check(Thousands);

    [Fact]
    public void Selector_sets_agree_with_plain_sets() =>
        Prop.ForAll(Arb.From(Gen.Zip(Numbers(), Numbers())), pair =>
        {
            (int[] left, int[] right) = pair;
            return Set(left).IsSubsetOf(Set(right)) == left.ToHashSet().IsSubsetOf(right)
                && Set(left).Equals(Set(right)) == left.ToHashSet().SetEquals(right)
                && right.All(n => Set(left).Contains(One(n)) == left.Contains(n));
        }).Check(Thousands);

    [Fact]
    public void A_token_that_was_changed_is_no_token()
    {
        string token = _authority.SignJwt(new JwtSvidRequest { Id = Web, Audience = ["a"] }).Token;
        BundleSet bundles = new(_authority.Bundle);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Prop.ForAll(Mutations.Changed(Encoding.ASCII.GetBytes(token)), bytes =>
        {
            string changed = Encoding.Latin1.GetString(bytes);
            return JwtSvidValidator.Validate(changed, "a", bundles, now).IsValid == string.Equals(changed, token, StringComparison.Ordinal);
        }).Check(Thousands);
    }

    [Fact]
    public void Anything_may_be_offered_as_a_token() =>
        Prop.ForAll(Mutations.Joined(".", "eyJhbGciOiJFUzI1NiJ9", "e30", "=", "AA"), text =>
            !JwtSvidValidator.Validate(text, "a", new BundleSet(_authority.Bundle), DateTimeOffset.UnixEpoch).IsValid
            && !WitSvidValidator.Validate(text, new BundleSet(_authority.Bundle), DateTimeOffset.UnixEpoch).IsValid).Check(Thousands);

    [Fact]
    public void Claims_are_read_or_refused_and_never_read_two_ways() =>
        Prop.ForAll(Mutations.Changed("""{"sub":"spiffe://example.org/web","aud":["a","\u00e4\ud83d\ude00"],"exp":2e9,"x":{"y":[1,null,true]}}"""u8.ToArray()), bytes =>
        {
            if (!StrictJson.TryParseObject(bytes, out System.Text.Json.JsonDocument? document)) return true;
            using (document)
            {
                _ = TokenClaims.TryRead(document.RootElement, out _);
                string[] names = [.. document.RootElement.EnumerateObject().Select(m => m.Name)];
                return names.Distinct(StringComparer.Ordinal).Count() == names.Length;
            }
        }).Check(Thousands);

    [Fact]
    public void A_jwk_that_was_changed_is_refused_or_a_whole_key() =>
        Prop.ForAll(Mutations.Changed("""{"kty":"EC","crv":"P-256","x":"rzP7mLCKAHWmsM6X0EwVISC_hI3ujcu95ffUkyeDGGo","y":"uOrfDljtX9m3jY-hsyhLJYaxtGkzDv5e5kmCe58Z97g","kid":"a","alg":"ES256"}"""u8.ToArray()), bytes =>
            JwsPublicKey.TryParse(bytes, out JwsPublicKey? key) == JwkFault.None ? key is { KeyId.Length: > 0, Thumbprint.Length: 43 } : key is null).Check(Thousands);

    [Fact]
    public void A_bundle_that_is_read_writes_itself_again() =>
        Prop.ForAll(Mutations.Changed(_authority.Bundle.Document.ToArray()), bytes =>
        {
            if (!BundleReader.TryRead(Domain, bytes, out TrustBundle? bundle, out BundleFault fault)) return fault != BundleFault.None;
            return BundleReader.TryRead(Domain, bundle.Document, out TrustBundle? again, out _)
                && bundle.HasSameKeys(again) && bundle.Sequence == again.Sequence && bundle.RefreshHint == again.RefreshHint;
        }).Check(Thousands);

    [Fact]
    public void A_certificate_that_was_changed_authenticates_nobody()
    {
        using X509Svid svid = _authority.SignX509(new X509SvidRequest { Id = Web });
        byte[] good = svid.Chain.ToArray();
        BundleSet bundles = new(_authority.Bundle);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Prop.ForAll(Mutations.Changed(good), bytes => X509SvidValidator.Validate(bytes, bundles, now).IsValid == bytes.AsSpan().SequenceEqual(good))
            .Check(Thousands.WithMaxTest(1000));
    }

    private static Gen<int[]> Numbers() => Gen.ArrayOf(Gen.Choose(0, 8));

    private static SelectorSet Set(int[] numbers) => new(numbers.Select(One));

    private static Selector One(int number) => new(number % 2 == 0 ? "unix" : "docker", $"uid:{number}");
}
