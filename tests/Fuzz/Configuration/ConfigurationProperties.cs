using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Configuration.Values;

namespace Spiffe.Agent.Tests.Fuzz.Configuration;

/// <summary>Whatever a file holds: options, or faults that have a place and a remedy. Never an exception.</summary>
public sealed class ConfigurationProperties
{
    private static readonly string[] Pieces =
    [
        "trust_domain: example.org\n", "entries:\n", "  - id: /a\n", "    selectors: [ \"unix:uid:1\" ]\n", "log: { level: ", "info }", "\n", "  ", "- ", ": ", "[", "]", "{", "}",
        "\"", "'", "|\n", ">\n", "&a ", "*a", "!!x ", "---\n", "...\n", "%YAML 1.1\n", "${X}", "$", "$$", "? ", "~", "null", "#", "\t", "é", "\u2028", "\0", "\ud800", "<<: ", "hint: h\n", "@", "`", ",",
    ];

    [Fact]
    public void Every_text_becomes_options_or_faults() =>
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(), Judge).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(60));

    [Fact]
    public void Every_run_of_bytes_becomes_options_or_faults() =>
        Prop.ForAll(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf().ToArbitrary(), bytes =>
            Judge(ConfigurationLoader.Parse(bytes, "fuzz.yaml", _ => null, new FaultList("fuzz.yaml")))).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(200));

    [Fact]
    public void A_good_configuration_with_a_piece_put_in_becomes_options_or_faults()
    {
        const string Good = "trust_domain: example.org\nauthority: { ca_ttl: 24h, x509_ttl: 1h }\nentries:\n  - id: /web\n    selectors: [ \"unix:uid:1\" ]\n    hint: a\n";
        Prop.ForAll(Gen.Elements(Pieces).ToArbitrary(), Gen.Choose(0, Good.Length).ToArbitrary(), (piece, at) => Judge(Good.Insert(at, piece)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Good_templates_with_a_piece_put_in_become_options_or_faults()
    {
        const string Good = """
            trust_domain: example.org
            tasks:
              ceiling: [ { type: t, actions: [ "*" ], constraints: { ranges: { p: { min: 1 } }, in: { q: [ 1, "x" ] } } } ]
              subjects: [ { issuer: "https://ci", jwks: { keys: [ { kty: RSA } ] } } ]
            templates:
              - name: a
                owner: o
                start: [ "unix:uid:1" ]
                grants: [ { type: t, actions: [ a ], constraints: { max_uses: 5, not_after: 2999-01-01T00:00:00Z, order: 1 } } ]
                lifetimes: { lease: 5m, x509_ttl: 1m }
                approval: { actions: [ a ], approvers: [ 0 ] }
              - { name: b, owner: o, start: [ "unix:uid:1" ], class: persistent, reason: r, review_by: 2999-01-01 }

            """;
        string[] more = [.. Pieces, "\"\\ud83d\"", "\"\\ude00\"", "grants: ", "type", "[ [ ] ]", "{ { } : 1 }", "-1", "1e9", "9999999999999999999999999999999", "0.0000000000000000000000000000001", "in: "];
        Prop.ForAll(Gen.Elements(more).ToArbitrary(), Gen.Choose(0, Good.Length).ToArbitrary(), (piece, at) => Judge(Good.Insert(at, piece)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void A_duration_that_is_written_is_read_back() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seconds =>
            DurationText.TryParse(DurationText.Format(TimeSpan.FromSeconds(seconds)), out TimeSpan read) && read == TimeSpan.FromSeconds(seconds)).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_size_that_is_written_is_read_back() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).Two().ToArbitrary(), pair =>
            SizeText.TryParse(SizeText.Format((long)pair.Item1 * pair.Item2), out long read) && read == (long)pair.Item1 * pair.Item2).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Durations_and_sizes_of_any_text_are_read_or_refused() =>
        Prop.ForAll(Gen.Elements('0', '9', '1', 'd', 'h', 'm', 's', 'M', 'i', 'B', 'G', '-', ' ', '.').ListOf().Select(list => string.Concat(list)).ToArbitrary(), text =>
        {
            Assert.True(!DurationText.TryParse(text, out TimeSpan duration) || duration >= TimeSpan.Zero);
            Assert.True(!SizeText.TryParse(text, out long bytes) || bytes >= 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(30));

    private static void Judge(string text) => Judge(ConfigurationLoader.Parse(text, "fuzz.yaml", _ => null));

    private static void Judge(LoadedConfiguration loaded)
    {
        Assert.Equal(loaded.Options is null, !loaded.Faults.IsEmpty);
        Assert.All(loaded.Faults, fault =>
        {
            Assert.Equal("fuzz.yaml", fault.File);
            Assert.NotEmpty(fault.Problem);
            Assert.NotEmpty(fault.Remedy);
            Assert.DoesNotContain('\n', fault.ToString());
        });
    }
}
