using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.TaskRun;

/// <summary>What a program sees of <c>task run</c>: nothing but one variable; and what others see of it: no secret.</summary>
public sealed class TransparencyTests : IAsyncLifetime
{
    private TaskAgent _agent = null!;

    public async Task InitializeAsync() => _agent = await TaskAgent.StartAsync();

    public async Task DisposeAsync() => await _agent.DisposeAsync();

    [Fact]
    public async Task The_environment_is_as_it_was_but_for_the_address_of_the_socket()
    {
        // A shell between the two would drop the first, and set the second right.
        Dictionary<string, string?> environment = new() { ["a.b-c"] = "1", ["PWD"] = "/elsewhere", ["SPIFFE_ENDPOINT_SOCKET"] = null, ["EMPTY"] = "" };

        string[] plain = await EnvironmentAsync(AgentProgram.Start("cat", ["/proc/self/environ"], environment: environment));
        string[] wrapped = await EnvironmentAsync(AgentProgram.Run(_agent, ["--quiet"], ["cat", "/proc/self/environ"], environment: environment));

        Assert.Equal([.. plain, $"SPIFFE_ENDPOINT_SOCKET={_agent.Endpoint}"], wrapped);
    }

    [Fact]
    public async Task An_address_that_is_set_stays()
    {
        Dictionary<string, string?> environment = new() { ["SPIFFE_ENDPOINT_SOCKET"] = "unix:///other.sock" };

        string[] plain = await EnvironmentAsync(AgentProgram.Start("cat", ["/proc/self/environ"], environment: environment));
        string[] wrapped = await EnvironmentAsync(AgentProgram.Run(_agent, ["--quiet"], ["cat", "/proc/self/environ"], environment: environment));

        Assert.Equal(plain, wrapped);
    }

    [Theory]
    [InlineData("ls /proc/self/fd")] // no descriptor of ours
    [InlineData("grep -E '^(NoNewPrivs|Seccomp|Groups|Uid|Gid|CapEff|Umask|Threads)' /proc/self/status")]
    public async Task The_process_is_as_a_shell_would_have_started_it(string command)
    {
        using AgentProgram plain = AgentProgram.Start("sh", ["-c", command]);
        using AgentProgram wrapped = AgentProgram.Run(_agent, ["--quiet"], ["sh", "-c", command]);

        Assert.Equal((await plain.EndAsync()).Out, (await wrapped.EndAsync()).Out);
    }

    [Fact]
    public async Task No_signal_is_blocked_or_ignored_that_was_not_before()
    {
        using AgentProgram plain = AgentProgram.Start("grep", ["-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"]);
        using AgentProgram wrapped = AgentProgram.Run(_agent, ["--quiet"], ["grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"]);

        ulong[] before = Masks((await plain.EndAsync()).Out);
        ulong[] behind = Masks((await wrapped.EndAsync()).Out);

        // The runtime that we are written in ignores SIGPIPE (13), as the one that runs this test does: a program behind us must not. Signals from 32 on are the C library's own.
        Assert.Equal(before.Select(mask => mask & ~(1UL << 12)), behind);
        Assert.Equal(3, behind.Length);

        static ulong[] Masks(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => ulong.Parse(line.AsSpan(line.IndexOf('\t', StringComparison.Ordinal) + 1), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture) & 0x7FFF_FFFF)];
    }

    [Fact]
    public async Task The_program_is_in_the_process_group_that_the_wrapper_was_started_in()
    {
        const string group = "cut -d' ' -f5 /proc/self/stat";
        using AgentProgram plain = AgentProgram.Start("sh", ["-c", group]);
        using AgentProgram wrapped = AgentProgram.Run(_agent, ["--quiet"], ["sh", "-c", group]);

        Assert.Equal((await plain.EndAsync()).Out, (await wrapped.EndAsync()).Out);
    }

    [Fact]
    public async Task Nothing_is_left_in_the_temporary_directory()
    {
        DirectoryInfo temporary = Directory.CreateDirectory(Path.Combine(_agent.Folder, "tmp"));
        using AgentProgram run = AgentProgram.Run(_agent, ["--quiet"], ["true"], environment: new Dictionary<string, string?> { ["TMPDIR"] = temporary.FullName });

        Assert.Equal(0, (await run.EndAsync()).ExitCode);
        Assert.Empty(temporary.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_subjects_token_goes_to_the_agent_and_nowhere_else()
    {
        const string token = "eyJhbGciOiJub25lIn0.c3ViamVjdA.c2VjcmV0";
        string file = Path.Combine(_agent.Folder, "token");
        await File.WriteAllTextAsync(file, token + "\n");
        string seen = "";
        _agent.OnStart = (request, _) =>
        {
            seen = File.ReadAllText($"/proc/{request.Binding.ChildProcessId}/cmdline") + File.ReadAllText($"/proc/{request.Binding.ChildProcessId}/environ");
            return Task.FromResult(TaskAgent.Active());
        };
        using AgentProgram run = AgentProgram.Run(_agent, ["--subject-token-file", file], ["sh", "-c", "tr '\\0' ' ' </proc/$$/cmdline; tr '\\0' ' ' </proc/$PPID/cmdline; cat /proc/$$/environ /proc/$PPID/environ"]);

        (int exitCode, string output, string error) = await run.EndAsync();

        Assert.Equal(0, exitCode);
        StartTaskRequest asked = Assert.Single(_agent.Started);
        Assert.Equal(token, asked.SubjectToken);
        Assert.All([seen, output, error], text => Assert.DoesNotContain("c2VjcmV0", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_argument_that_would_arrive_as_another_is_refused()
    {
        // printf makes a byte that is no UTF-8; the shell hands it on as it is.
        string script = $"exec {TestKit.Daemon.Daemon.Executable} task run --socket {_agent.Endpoint} --template dev --goal g -- echo \"$(printf '\\377')\"";
        using AgentProgram run = AgentProgram.Start("sh", ["-c", script]);

        (int exitCode, string output, string error) = await run.EndAsync();

        Assert.Equal((64, ""), (exitCode, output));
        Assert.Contains("argument 1 is not UTF-8", error, StringComparison.Ordinal);
        Assert.Empty(_agent.Started);
    }

    [RequiresToolFact("python3")]
    public async Task A_key_at_the_terminal_reaches_the_program_once()
    {
        // The child of a terminal's foreground group hears Ctrl-C from the terminal; passing it on would be a second one.
        string script = Path.Combine(_agent.Folder, "program.sh");
        await File.WriteAllTextAsync(script, "n=0; trap 'n=$((n+1))' INT; echo ready; while [ $n = 0 ]; do sleep 0.05; done; sleep 1; echo heard $n; exit 6\n");
        string typist = Path.Combine(_agent.Folder, "typist.py");
        await File.WriteAllTextAsync(typist, """
            import os, pty, sys
            pid, fd = pty.fork()
            if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
            out = b""
            def until(word):
                global out
                while word not in out:
                    try: data = os.read(fd, 4096)
                    except OSError: data = b""
                    if not data: break
                    out += data
            until(b"ready")
            os.write(fd, b"\x03")
            until(b"heard")
            until(b"never")
            sys.stdout.write(out.decode().replace("\r", ""))
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """);
        using AgentProgram run = AgentProgram.Start("python3", [typist, TestKit.Daemon.Daemon.Executable, "task", "run", "--quiet", "--socket", _agent.Endpoint, "--template", "dev", "--goal", "g", "--", "bash", script]);

        (int exitCode, string output, string error) = await run.EndAsync();

        Assert.Equal((6, ""), (exitCode, error));
        Assert.Contains("heard 1\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", output, StringComparison.Ordinal); // Nor was the terminal set up in another way.
    }

    private static async Task<string[]> EnvironmentAsync(AgentProgram program)
    {
        using (program) return [.. (await program.EndAsync()).Out.Split('\0', StringSplitOptions.RemoveEmptyEntries)];
    }
}
