using System.Diagnostics;
using System.Globalization;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Tests.Integration.Attestation.Binding;

/// <summary>Real processes that do as they are told, line by line, all ended at the end.</summary>
internal sealed class Scene : IDisposable
{
    /// <summary>For events that come within milliseconds: a shared machine may keep a test waiting longer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Does what each line says; prints what it says to print.</summary>
    internal const string Actor = """
        $| = 1;
        while (<STDIN>) {
            if (/^fork$/) { my $p = fork; if (!$p) { sleep 600; exit } print "$p\n" }
            elsif (/^fork twice$/) {
                pipe(my $r, my $w); pipe(my $in, my $end); my $p = fork;
                if (!$p) { close $end; my $q = fork; if (!$q) { sleep 600; exit } syswrite $w, "$q\n"; sysread $in, my $x, 1; exit }
                push @held, $end; print scalar <$r>;
            }
            elsif (/^fork as (\d+)$/) { pipe(my $r, my $w); my $p = fork; if (!$p) { $( = $) = $1; $< = $> = $1; syswrite $w, "x"; sleep 600; exit } sysread $r, my $x, 1; print "$p\n" }
            elsif (/^fork at (\d+)$/) {
                my $tid = pack "l", $1; my $p; # clone3(2) with set_tid: what an attacker needs luck for, root may choose.
                my $args = pack "Q11", 0, 0, 0, 0, 17, 0, 0, 0, unpack("Q", pack "P", $tid), 1, 0;
                for (1 .. 1000) { last if ($p = syscall 435, $args, 88) >= 0; select undef, undef, undef, 0.005 }
                if (!$p) { sleep 600; exit } print "$p\n";
            }
            elsif (/^become (\d+)$/) { $( = $) = $1; $< = $> = $1; print "done\n" }
            elsif (/^reap$/) { print wait, "\n" }
            elsif (/^exec (.+)$/) { exec split / /, $1 }
            elsif (/^exit (\d+)$/) { exit $1 }
            elsif (/^echo$/) { print "echo\n" }
            elsif (/^orphan$/) {
                pipe(my $r, my $w); my $p = fork;
                if (!$p) { my $q = fork; if (!$q) { sleep 600; exit } syswrite $w, "$q\n"; exit }
                my $q = <$r>; waitpid $p, 0; print $q;
            }
        }
        """;

    private readonly List<Process> _started = [];
    private readonly List<PeerProcess> _opened = [];
    private readonly List<ProcessHold> _strays = [];

    /// <summary>Starts one that does as it is told.</summary>
    internal int Start(string perl = "perl") => Run(perl, "-e", Actor);

    internal int Run(string program, params string[] arguments)
    {
        Process process = System.Diagnostics.Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _started.Add(process);
        return process.Id;
    }

    /// <summary>Tells it something; what it answers.</summary>
    internal async Task<string> AskAsync(int pid, string line)
    {
        Tell(pid, line);
        return await HearAsync(pid);
    }

    internal async Task<string> HearAsync(int pid) => await Process(pid).StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? "";

    /// <summary>Has it exec a program that can be told by its name, and waits until it has.</summary>
    internal async Task ExecAsync(int pid, string command)
    {
        Tell(pid, $"exec {command}");
        await UntilAsync(() => File.ReadAllText($"/proc/{pid}/comm").TrimEnd() == Path.GetFileName(command.Split(' ')[0]));
    }

    /// <summary>The same for answers that are a pid: of a process that is ended with this scene.</summary>
    internal async Task<int> SpawnAsync(int pid, string line)
    {
        int spawned = int.Parse(await AskAsync(pid, line), CultureInfo.InvariantCulture);
        if (PeerProcess.TryOpen(spawned, out PeerProcess? peer, out _))
        {
            using PeerProcess opened = peer;
            if (ProcessHold.TryHold(opened, out _) is { } hold) _strays.Add(hold);
        }

        return spawned;
    }

    /// <summary>Has it exec perl, which answers every line with "again"; waits until it has.</summary>
    internal async Task ExecPerlAsync(int pid, string perl)
    {
        Tell(pid, $"exec {perl} -e $|=1;while(<STDIN>){{print\"again\\n\"}}");
        await UntilAsync(() => File.ReadAllText($"/proc/{pid}/cmdline").Contains("again", StringComparison.Ordinal));
        Assert.Equal("again", await AskAsync(pid, "?"));
    }

    internal void Tell(int pid, string line)
    {
        Process(pid).StandardInput.Write(line + "\n");
        Process(pid).StandardInput.Flush();
    }

    internal Process Process(int pid) => _started.First(p => p.Id == pid);

    /// <summary>As a transport opens a caller.</summary>
    internal PeerProcess Open(int pid)
    {
        Assert.True(PeerProcess.TryOpen(pid, out PeerProcess? peer, out PeerRefusal refusal), $"{refusal}");
        _opened.Add(peer);
        return peer;
    }

    internal ProcessHold Hold(int pid)
    {
        ProcessHold? hold = ProcessHold.TryHold(Open(pid), out PeerRefusal refusal);
        Assert.Equal(PeerRefusal.None, refusal);
        return hold!;
    }

    /// <summary>Third field of /proc/PID/stat.</summary>
    internal static char StateOf(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }

    /// <summary>Waits for something that no event tells.</summary>
    internal static async Task UntilAsync(Func<bool> condition)
    {
        long start = Environment.TickCount64;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 - start < Patience.TotalMilliseconds, "it did not come to pass");
            await Task.Delay(5);
        }
    }

    public void Dispose()
    {
        foreach (ProcessHold stray in _strays)
        {
            stray.Kill();
            stray.Dispose();
        }

        foreach (Process process in _started)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        foreach (PeerProcess peer in _opened) peer.Dispose();
    }
}
