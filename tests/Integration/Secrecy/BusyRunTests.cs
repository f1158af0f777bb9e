using Xunit.Abstractions;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>What left the daemon and its wrapper in a busy run, byte by byte.</summary>
public abstract class BusyRunTests(BusyRun run, ITestOutputHelper output)
{
    private const string LogKey = "/audit/keys/log.key";

    private SecretFinder Finder => new(run.Book.All);

    [TracedFact]
    public void Whatever_was_issued_was_seen_on_its_way_to_whom_it_was_issued()
    {
        HashSet<Secret> seen = [.. run.Daemon.Sightings(Finder).Where(IsOnItsWay).Select(s => s.Secret)];

        Assert.Equal([], run.Book.All.Where(s => s.Holder != BusyRun.Subject).Except(seen));
        Assert.All((string[])[Caller.Name, BusyRun.FirstChild, BusyRun.SecondChild, BusyRun.Subject], holder => Assert.NotEqual(0, run.Book.CountOf(holder)));
        output.WriteLine($"{run.Book.All.Count} secrets, {run.Book.All.Sum(s => s.Forms.Count)} forms; daemon: {run.Daemon.Calls.Count} calls, {run.Daemon.Bytes} bytes; "
            + $"wrappers and children: {run.FirstWrapper.Calls.Count + run.SecondWrapper.Calls.Count} calls, {run.FirstWrapper.Bytes + run.SecondWrapper.Bytes} bytes");
    }

    [TracedFact]
    public void No_secret_left_the_daemon_but_to_the_process_that_it_was_issued_to() =>
        Assert.Equal([], run.Daemon.Sightings(Finder).Where(s => !IsOnItsWay(s)));

    [TracedFact]
    public void Nothing_left_that_was_not_looked_at() =>
        Assert.Equal("", string.Join('\n', [.. run.Daemon.Unaccounted(), .. run.FirstWrapper.Unaccounted(), .. run.SecondWrapper.Unaccounted()]));

    [TracedFact]
    public void No_private_key_of_any_kind_left_but_the_logs_own_into_its_file()
    {
        TracedCall[] keys = [.. run.Daemon.Calls.Where(c => Trace.PeerOf(c.Target, run.WorkloadSocket) is null && PrivateKeyShapes.AreIn(c.Payload))];

        TracedCall written = Assert.Single(keys);
        TracedCall named = Assert.Single(run.Daemon.Calls, c => c.Name.StartsWith("rename", StringComparison.Ordinal) && c.Texts[0] == written.Target);
        Assert.Equal(run.Folder.FullName + LogKey, named.Texts[1]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(named.Texts[1]));
        Assert.DoesNotContain(run.FirstWrapper.Calls.Concat(run.SecondWrapper.Calls), c => PrivateKeyShapes.AreIn(c.Payload) && !IsOfAChild(c));
    }

    [TracedFact]
    public void Wrapper_lets_out_no_credential_and_hands_an_assertion_to_the_agent_alone()
    {
        Sighting[] seen = [.. run.FirstWrapper.Sightings(Finder).Where(s => s.Process == run.FirstWrapper.Root), .. run.SecondWrapper.Sightings(Finder).Where(s => s.Process == run.SecondWrapper.Root)];

        Sighting handed = Assert.Single(seen);
        Assert.Equal(BusyRun.Subject, handed.Secret.Holder);
        Assert.StartsWith("UNIX-STREAM:[", handed.Place, StringComparison.Ordinal);
        Assert.Contains(run.FirstWrapper.Sightings(Finder), s => s.Process != run.FirstWrapper.Root); // The child prints what it is given.
    }

    [TracedFact]
    public void Daemon_opens_nothing_to_write_but_its_log_and_names_of_threads()
    {
        string[] others = [.. run.Daemon.Written().Select(write => write.Path).Where(path => !path.StartsWith(run.Folder.FullName + "/audit/", StringComparison.Ordinal)
            && !path.StartsWith(run.Folder.FullName + "/run/", StringComparison.Ordinal) && path is not "/dev/null" && !path.EndsWith("/comm", StringComparison.Ordinal))];

        Assert.Equal([], others);
    }

    [TracedFact]
    public void No_environment_and_no_command_line_holds_one()
    {
        Assert.Equal(8, run.Processes.Count);
        Assert.All(run.Processes, process => Assert.Equal([], Finder.Find(process.Value)));
    }

    [TracedFact]
    public void No_file_that_is_left_holds_one()
    {
        string[] files = [.. Directory.GetFiles(run.Folder.FullName, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".sock", StringComparison.Ordinal))];

        Assert.Contains(files, file => file.Contains("/audit/bodies/", StringComparison.Ordinal));
        Assert.Contains(files, file => file.Contains("/audit/tile/entries/", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal([], Finder.Find(File.ReadAllBytes(file))));
        Assert.Equal([run.Folder.FullName + LogKey], files.Where(file => PrivateKeyShapes.AreIn(System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)))));
    }

    [TracedFact]
    public void Operators_are_shown_none_and_neither_is_the_log()
    {
        Assert.Contains("issued X509-SVID", run.Log, StringComparison.Ordinal);
        Assert.Equal([], Finder.Find(run.Log));
        Assert.Equal([], Finder.Find(run.Shown));
    }

    private bool IsOnItsWay(Sighting sighting) =>
        Trace.PeerOf(sighting.Place, run.WorkloadSocket) is { } peer && run.Connections.TryGetValue(sighting.Secret.Holder, out IReadOnlySet<long>? own) && own.Contains(peer);

    private bool IsOfAChild(TracedCall call) => run.FirstWrapper.Calls.Contains(call)
        ? run.FirstWrapper.ProcessOf(call.Thread) != run.FirstWrapper.Root
        : run.SecondWrapper.ProcessOf(call.Thread) != run.SecondWrapper.Root;
}
