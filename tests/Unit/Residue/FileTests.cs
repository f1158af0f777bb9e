using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Spiffe.Agent.Residue;
using Spiffe.Agent.Residue.Needles;
using Spiffe.Agent.Residue.Reports;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Residue;

/// <summary>Files that real processes left where they worked.</summary>
public sealed class FileTests : IDisposable
{
    private readonly LeftBehind _left = new();

    public void Dispose() => _left.Dispose();

    [Fact]
    public void Where_nothing_was_left_that_is_verified()
    {
        using Credential other = Credential.New();
        _left.Write("log", Encoding.ASCII.GetBytes("step 1 done\nstep 2 done\n"));
        _left.Write("another-tasks-token", Encoding.ASCII.GetBytes(other.Token));
        _left.Write("another-tasks-key", Encoding.ASCII.GetBytes(other.Key.ExportPkcs8PrivateKeyPem()));

        ResidueReport report = _left.Look();

        Assert.Equal(ResidueVerdict.Verified, report.Verdict);
        Assert.Equal((3, 2), (Assert.Single(report.Places).Files, report.Credentials));
    }

    [Fact]
    public void A_token_and_a_key_in_files_are_found_and_named_and_nothing_of_them_is_told()
    {
        Directory.CreateDirectory(_left.File("cache/http"));
        _left.Write("cache/http/request", Spellings.All["token in a header"](_left.Credential));
        _left.Write("key.pem", Spellings.All["PKCS #8 PEM"](_left.Credential));

        ResidueReport report = _left.Look();

        Assert.Equal(ResidueVerdict.ResidueFound, report.Verdict);
        Assert.Contains(report.Findings, found => found.Path == _left.File("cache/http/request") && found is { CredentialKind: "jwt", CredentialId: "token-1", Form: NeedleForm.Token });
        Assert.Contains(report.Findings, found => found.Path == _left.File("key.pem") && found is { CredentialKind: "x509", CredentialId: "5eb1a1", Form: NeedleForm.Base64 });
        string told = string.Join('\n', report.Findings) + string.Join('\n', report.Gaps) + string.Join('\n', report.Places);
        string signature = _left.Credential.Token[^86..];
        Assert.DoesNotContain(Enumerable.Range(0, signature.Length - 7), i => told.Contains(signature[i..(i + 8)], StringComparison.Ordinal));
    }

    [Fact]
    public void A_credential_that_is_a_name_is_found_and_not_repeated()
    {
        string signature = _left.Credential.Token[^86..];
        _left.Write($"cached-{signature}", []);
        File.CreateSymbolicLink(_left.File("link"), $"/nowhere/{signature}");

        ResidueReport report = _left.Look();

        Assert.Equal(2, report.FindingsInAll);
        Assert.DoesNotContain(signature, string.Join('\n', report.Findings) + string.Join('\n', report.Gaps), StringComparison.Ordinal);
    }

    [RequiresToolFact("mkfifo")]
    public void Links_are_not_followed_and_pipes_not_opened()
    {
        string outside = _left.Tools;
        File.WriteAllText(Path.Combine(outside, "token"), _left.Credential.Token);
        File.CreateSymbolicLink(_left.File("token"), Path.Combine(outside, "token"));
        Directory.CreateSymbolicLink(_left.File("directory"), outside);
        using (Process mkfifo = Process.Start("mkfifo", [_left.File("pipe")])) mkfifo.WaitForExit();
        // Whoever opens the pipe for reading lets this one on.
        Process writer = _left.Start("/bin/sh", ["-c", "echo opened > \"$0\"; echo gone", _left.File("pipe")], new Dictionary<string, string>());

        ResidueReport report = _left.Look();

        Assert.Equal(ResidueVerdict.Verified, report.Verdict);
        Assert.Equal((0, 3), (report.Places[0].Files, report.Places[0].Passed));
        Assert.False(writer.HasExited);
    }

    [Fact]
    public void A_declared_directory_that_became_a_link_is_a_gap()
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(_left.Tools, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(_left.File("work"), elsewhere);

        Assert.Equal(GapReason.Link, Gap(_left.Look(_left.Plan with { Paths = [_left.File("work")] })).Reason);
        Assert.Equal(GapReason.Link, Gap(_left.Look(_left.Plan with { Paths = [_left.File("work/below")] })).Reason);
    }

    [Fact]
    public void What_cannot_be_read_makes_it_incomplete_and_is_named()
    {
        // A file that answers every read with EIO, whoever asks: the memory of a process at address 0.
        string memory = $"/proc/{Environment.ProcessId}/mem";

        ResidueReport report = _left.Look(_left.Plan with { Paths = [_left.Root, memory] });

        Assert.Equal(ResidueVerdict.Incomplete, report.Verdict);
        Assert.Equal((GapReason.NotReadable, memory), (Gap(report).Reason, Gap(report).Path));
    }

    [Fact]
    public void What_is_not_there_is_no_gap_and_is_named()
    {
        ResidueReport report = _left.Look(_left.Plan with { Paths = [_left.File("never"), _left.File("made/at/all")] });

        Assert.Equal(ResidueVerdict.Verified, report.Verdict);
        Assert.Equal([_left.File("never"), _left.File("made/at/all")], report.Places.Select(place => place.Path));
        Assert.All(report.Places, place => Assert.Equal(0, place.Files));
    }

    [RequiresRootFact("mount", "umount")]
    public void Another_file_system_is_named_and_not_entered()
    {
        string mount = Directory.CreateDirectory(_left.File("mounted")).FullName;
        using (Process child = Process.Start("mount", ["-t", "tmpfs", "-o", "size=64k", "none", mount])) child.WaitForExit();
        try
        {
            _left.Write("mounted/token", Encoding.ASCII.GetBytes(_left.Credential.Token));

            Assert.Equal((GapReason.Mount, mount), (Gap(_left.Look()).Reason, Gap(_left.Look()).Path));
            Assert.Equal(ResidueVerdict.ResidueFound, _left.Look(_left.Plan with { Paths = [mount] }).Verdict);
        }
        finally
        {
            using Process child = Process.Start("umount", [mount]);
            child.WaitForExit();
        }
    }

    [RequiresToolFact("ln")]
    public void A_file_with_two_names_is_read_once()
    {
        _left.Write("one", Encoding.ASCII.GetBytes(_left.Credential.Token));
        using (Process ln = Process.Start("ln", [_left.File("one"), _left.File("two")])) ln.WaitForExit();

        ResidueReport report = _left.Look();

        Assert.Equal((1, 1), (report.FindingsInAll, report.Places[0].Files));
    }

    [Fact]
    public void In_a_sparse_file_of_a_terabyte_what_was_written_is_found_at_its_place()
    {
        const long Far = 1L << 40;
        using (FileStream file = File.Create(_left.File("sparse")))
        {
            file.Position = Far;
            file.Write(Encoding.ASCII.GetBytes(_left.Credential.Token));
            file.SetLength(2 * Far);
        }

        ResidueFinding found = Assert.Single(_left.Look().Findings);

        Assert.Equal(Far + _left.Credential.Token.LastIndexOf('.') + 1, found.Offset);
    }

    [Theory]
    [InlineData((1 << 16) - 20)]
    [InlineData((1 << 17) - 40)]
    [InlineData((1 << 17) - 1)]
    public void What_lies_across_two_reads_is_found(int before)
    {
        _left.Write("core-like", [.. new byte[before - _left.Credential.Token.LastIndexOf('.')], .. Encoding.ASCII.GetBytes(_left.Credential.Token), .. new byte[300_000]]);

        Assert.Equal(before + 1, Assert.Single(_left.Look().Findings).Offset);
    }

    [Fact]
    public void Packed_files_are_looked_into()
    {
        byte[] pem = Spellings.All["PKCS #8 PEM"](_left.Credential);
        using (GZipStream gzip = new(File.Create(_left.File("log.gz")), CompressionLevel.Optimal)) gzip.Write(pem);
        using (ZipArchive zip = new(File.Create(_left.File("artifact.zip")), ZipArchiveMode.Create))
        using (Stream entry = zip.CreateEntry("deep/inside.pem").Open()) entry.Write(pem);

        ResidueReport report = _left.Look();

        Assert.Contains(report.Findings, found => found.Path == _left.File("log.gz") + " (gzip)");
        Assert.Contains(report.Findings, found => found.Path == _left.File("artifact.zip") + " (zip)");
        Assert.Empty(report.Gaps);
    }

    [Fact]
    public void A_packed_file_that_breaks_off_is_a_gap()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(new byte[100_000]);
        _left.Write("torn.gz", [.. packed.ToArray()[..20], 0xff, 0xff, 0xff]);

        Assert.Equal(GapReason.Packed, Gap(_left.Look()).Reason);
    }

    [Fact]
    public void Limits_make_it_incomplete_never_verified()
    {
        _left.Write("large", new byte[100_000]);
        for (int i = 0; i < 5; i++) _left.Write($"small{i}", [1]);
        Directory.CreateDirectory(_left.File("a/b/c/d"));

        Assert.Equal(GapReason.TooLarge, Gap(_left.Look(_left.Plan with { MaxBytes = 50_000 })).Reason);
        Assert.Equal(GapReason.TooMany, Gap(_left.Look(_left.Plan with { MaxFiles = 3 })).Reason);
        Assert.Equal(GapReason.TooDeep, Gap(_left.Look(_left.Plan with { MaxDepth = 2 })).Reason);
        Assert.Equal(GapReason.OutOfTime, Gap(_left.Look(_left.Plan with { Within = TimeSpan.Zero })).Reason);
        Assert.Equal(GapReason.NotDone, Gap(_left.Look(stop: new CancellationToken(canceled: true))).Reason);
        Assert.Equal(ResidueVerdict.Verified, _left.Look().Verdict);
    }

    [Fact]
    public void A_thousand_copies_in_one_file_hide_no_other()
    {
        _left.Write("a-thousand", Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Repeat(_left.Credential.Token, 1_000))));
        _left.Write("one", Encoding.ASCII.GetBytes(_left.Credential.Token));

        ResidueReport report = _left.Look();

        Assert.Equal(1_001, report.FindingsInAll);
        Assert.Contains(report.Findings, found => found.Path == _left.File("one"));
    }

    [Fact]
    public void A_credential_without_a_print_makes_it_incomplete()
    {
        CredentialPrint none = _left.Prints.OfToken("jwt", "t", "not.a.token");

        Assert.Equal(GapReason.NoPrint, Gap(_left.Scanner.Look(_left.Plan, _left.Subject, [none], CancellationToken.None)).Reason);
    }

    private static ResidueGap Gap(ResidueReport report)
    {
        Assert.Equal(ResidueVerdict.Incomplete, report.Verdict);
        return Assert.Single(report.Gaps);
    }
}
