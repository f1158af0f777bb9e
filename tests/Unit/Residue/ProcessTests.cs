using System.Diagnostics;
using System.Text;
using Spiffe.Agent.Residue;
using Spiffe.Agent.Residue.Needles;
using Spiffe.Agent.Residue.Places;
using Spiffe.Agent.Residue.Reports;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Residue;

/// <summary>What processes leave besides files: in what they started, in the journal, in their memory when they die.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly LeftBehind _left = new();

    public void Dispose() => _left.Dispose();

    [Fact]
    public void In_the_environment_and_the_arguments_of_a_survivor_it_is_found()
    {
        Process survivor = _left.Start("/bin/sh", ["-c", "sleep 1000 & wait; : \"$0\"", _left.Credential.Token], new Dictionary<string, string> { ["DB_TOKEN"] = _left.Credential.Token });
        ResidueReport report = _left.Look(_left.Plan with { Paths = [], Environments = Survivors.Task }, _left.Subject with { Processes = [survivor.Id] });

        Assert.Contains(report.Findings, found => found.Place == PlaceKind.Environment && found.Path == $"process {survivor.Id} (sh)");
        Assert.Contains(report.Findings, found => found.Place == PlaceKind.CommandLine && found.Path == $"process {survivor.Id} (sh)");
    }

    [Fact]
    public void Children_are_survivors_and_strangers_are_not()
    {
        Process parent = _left.Start("/bin/sh", ["-c", "SECRET=\"$1\" sleep 1000 & echo ready; wait", "sh", ""], new Dictionary<string, string> { ["TOKEN"] = _left.Credential.Token });
        Process stranger = _left.Start("/bin/sleep", ["1000"], new Dictionary<string, string> { ["TOKEN"] = _left.Credential.Token });
        Assert.Equal("ready", parent.StandardOutput.ReadLine());
        ResidueReport report = _left.Look(_left.Plan with { Paths = [], Environments = Survivors.Task }, _left.Subject with { Processes = [parent.Id] });

        Assert.Equal(2, report.Findings.Count(found => found.Place == PlaceKind.Environment));
        Assert.DoesNotContain(report.Findings, found => found.Path.Contains($"process {stranger.Id} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_the_same_user_strangers_are_looked_at_where_that_is_wanted()
    {
        Process stranger = _left.Start("/bin/sleep", ["1000"], new Dictionary<string, string> { ["TOKEN"] = _left.Credential.Token });
        ProcessTable table = ProcessTable.Read();
        ResidueSubject subject = _left.Subject with { UserId = OwnUser() };

        Assert.Contains(stranger.Id, table.Select(subject, Survivors.User));
        Assert.DoesNotContain(stranger.Id, table.Select(subject, Survivors.Task));
    }

    [Fact]
    public void What_the_unit_wrote_to_the_journal_is_looked_at()
    {
        _left.Tool("journalctl", $"echo MESSAGE=started; case \"$*\" in *_SYSTEMD_UNIT=build.service*) echo 'MESSAGE=token: {_left.Credential.Token}';; esac");

        ResidueReport report = _left.Look(_left.Plan with { Paths = [], Journal = true }, _left.Subject with { Unit = "build.service" });

        Assert.Equal((PlaceKind.Journal, "build.service"), (Assert.Single(report.Findings).Place, report.Findings[0].Path));
        Assert.Equal(ResidueVerdict.Verified, _left.Look(_left.Plan with { Paths = [], Journal = true }, _left.Subject with { Unit = "other.service" }).Verdict);
    }

    [Theory]
    [InlineData("exit 0", "shows nothing")]
    [InlineData("echo 'No journal files were opened due to insufficient permissions.' >&2; exit 1", "insufficient permissions")]
    public void A_journal_that_may_not_be_read_is_not_taken_for_an_empty_one(string script, string said)
    {
        _left.Tool("journalctl", script);

        ResidueReport report = _left.Look(_left.Plan with { Paths = [], Journal = true }, _left.Subject with { Unit = "build.service" });

        Assert.Equal((ResidueVerdict.Incomplete, GapReason.Tool), (report.Verdict, Assert.Single(report.Gaps).Reason));
        Assert.Contains(said, report.Gaps[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_without_a_unit_has_no_journal_that_could_be_verified() =>
        Assert.Equal(GapReason.Unknown, Assert.Single(_left.Look(_left.Plan with { Paths = [], Journal = true }).Gaps).Reason);

    [Fact]
    public void A_tool_that_does_not_end_is_ended()
    {
        _left.Tool("journalctl", "echo MESSAGE=1; exec sleep 1000");

        ResidueReport report = _left.Look(_left.Plan with { Paths = [], Journal = true, Within = TimeSpan.FromSeconds(1) }, _left.Subject with { Unit = "build.service" });

        Assert.Equal(GapReason.OutOfTime, Assert.Single(report.Gaps).Reason);
    }

    [Fact]
    public void A_dump_that_was_written_since_is_looked_at_and_older_ones_are_not()
    {
        _left.CorePatternText = $"{_left.Root}/core.%e.%p\n";
        _left.Write("core.build.17", [.. new byte[70_000], .. Encoding.Unicode.GetBytes(_left.Credential.Token), .. new byte[70_000]]);
        _left.Write("score.build.17", Encoding.ASCII.GetBytes(_left.Credential.Token));
        ResiduePlan plan = _left.Plan with { Paths = [], CoreDumps = true };

        Assert.Equal(_left.File("core.build.17"), Assert.Single(_left.Look(plan).Findings).Path);
        Assert.Equal(ResidueVerdict.Verified, _left.Look(plan, _left.Subject with { Since = TimeProvider.System.GetUtcNow().AddHours(1) }).Verdict);
    }

    [Fact]
    public void A_dump_where_the_process_worked_is_found_and_without_knowing_where_that_was_it_is_a_gap()
    {
        _left.CorePatternText = "core\n";
        _left.Write("core.99", _left.Credential.Pkcs8);
        ResiduePlan plan = _left.Plan with { Paths = [], CoreDumps = true };

        Assert.Equal(ResidueVerdict.ResidueFound, _left.Look(plan, _left.Subject with { Directory = _left.Root }).Verdict);
        Assert.Equal(GapReason.Unknown, Assert.Single(_left.Look(plan).Gaps).Reason);
    }

    [RequiresToolFact("zstd")]
    public void A_packed_dump_of_systemd_is_unpacked_with_the_machines_own_program()
    {
        _left.CorePatternText = "|/usr/lib/systemd/systemd-coredump %P %u %g %s %t %c %h\n";
        Directory.CreateDirectory(_left.Dumps);
        _left.Write("raw", [.. new byte[300_000], .. _left.Credential.Scalar.Reverse(), .. new byte[300_000]]);
        string dump = Path.Combine(_left.Dumps, "core.build.1000.0123456789abcdef.17.1.zst");
        using (Process zstd = Process.Start("zstd", ["-q", _left.File("raw"), "-o", dump])) zstd.WaitForExit();

        ResidueReport report = _left.Look(_left.Plan with { Paths = [], CoreDumps = true });

        Assert.Contains(report.Findings, found => found.Path == $"{dump} (zstd)" && found is { Offset: 300_000, Form: NeedleForm.BytesReversed });
    }

    [Fact]
    public void A_packed_dump_that_cannot_be_unpacked_is_a_gap()
    {
        _left.CorePatternText = "|/usr/lib/systemd/systemd-coredump %P\n";
        Directory.CreateDirectory(_left.Dumps);
        File.WriteAllBytes(Path.Combine(_left.Dumps, "core.build.zst"), [0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3, 4, 5]);
        _left.Tool("zstd", "echo 'corrupt' >&2; exit 1");

        Assert.Equal(GapReason.Packed, Assert.Single(_left.Look(_left.Plan with { Paths = [], CoreDumps = true }).Gaps).Reason);
    }

    [Fact]
    public void Dumps_that_a_stranger_gets_are_a_gap()
    {
        _left.CorePatternText = "|/usr/share/apport/apport %p\n";

        Assert.Equal(GapReason.Unknown, Assert.Single(_left.Look(_left.Plan with { Paths = [], CoreDumps = true }).Gaps).Reason);
    }

    private static uint OwnUser()
    {
        string line = File.ReadLines("/proc/self/status").First(status => status.StartsWith("Uid:", StringComparison.Ordinal));
        return uint.Parse(line.Split('\t')[2], System.Globalization.CultureInfo.InvariantCulture);
    }
}
