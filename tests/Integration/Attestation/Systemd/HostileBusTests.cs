using System.Diagnostics;
using System.Net.Sockets;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Systemd;
using Spiffe.Agent.Attestation.DBus;
using Spiffe.Agent.Tests.TestKit.Requirements;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Integration.Attestation.Systemd;

/// <summary>A bus that hangs, lies, talks nonsense or is not root's: it costs the caller an answer, and nobody else anything.</summary>
public sealed class HostileBusTests
{
    private const string Nobody = "65534";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly ManualTime _time = new();

    [RequiresRootTheory]
    [InlineData("login")]
    [InlineData("Hello")]
    [InlineData("GetNameOwner")]
    [InlineData("GetUnitByPIDFD")]
    [InlineData("Get")]
    public async Task Bus_that_hangs_is_given_up_and_the_next_caller_gets_another_connection(string at)
    {
        await using FakeBus bus = new();
        SystemdAttestor attestor = Given.Attestor(bus.Path, _time, Limit);
        string? login = bus.Login;
        if (at == "login") bus.Login = null;
        else bus.Instead = call => call.Member == at ? [] : null;

        Task<AttestorFindings> asked = attestor.AskAsync();
        if (at == "login") _ = await bus.AcceptedAsync();
        else _ = await bus.SeenAsync(at);
        Assert.False(asked.IsCompleted);
        _time.Pass(Limit);

        Assert.Equal(DBusFault.TimedOut, (await Assert.ThrowsAsync<DBusException>(() => asked)).Fault);
        (bus.Login, bus.Instead) = (login, static _ => null);
        Assert.Equal(["systemd:id:web@blue.service"], (await attestor.AskAsync()).Values());
        Assert.Equal(2, bus.Connections);
    }

    [RequiresRootFact]
    public async Task Caller_of_a_hungbus_ends_alone_and_who_asked_later_may_still_be_answered()
    {
        await using FakeBus bus = new();
        SystemdAttestor attestor = Given.Attestor(bus.Path, _time, Limit);
        _ = await attestor.AskAsync(needed: Given.Kinds("invocation_id")); // The connection stands.
        BusCall? held = null;
        bus.Instead = call => call.Member == "GetUnitByPIDFD" ? [] : null;

        Task<AttestorFindings> first = attestor.AskAsync(needed: Given.Kinds("invocation_id"));
        _ = await bus.SeenAsync("Get");
        _ = await bus.SeenAsync("GetUnitByPIDFD");
        _time.Pass(Limit / 2);
        bus.Instead = call =>
        {
            if (call.Member != "GetUnitByPIDFD") return null;
            held = call;
            return [];
        };
        Task<AttestorFindings> second = attestor.AskAsync(needed: Given.Kinds("invocation_id"));
        _ = await bus.SeenAsync("GetUnitByPIDFD");
        _time.Pass(Limit / 2);
        Assert.Equal(DBusFault.TimedOut, (await Assert.ThrowsAsync<DBusException>(() => first)).Fault);
        Assert.False(second.IsCompleted);

        // The old connection wakes up with the second's answer; a third asks over a new one meanwhile, and its call brings the answer out.
        Socket old = await bus.AcceptedAsync();
        bus.Instead = static _ => null;
        await old.SendAsync(bus.Answer(held!));

        Assert.Single((await second).Evidence);
        Assert.Single((await attestor.AskAsync()).Evidence);
        Assert.Equal(2, bus.Connections);
        Assert.Equal(0, await old.ReceiveAsync(new byte[1], SocketFlags.Peek | SocketFlags.None).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [RequiresRootFact]
    public async Task Caller_who_leaves_early_takes_nothing_from_the_others()
    {
        await using FakeBus bus = new();
        SystemdAttestor attestor = Given.Attestor(bus.Path);
        _ = await attestor.AskAsync(needed: Given.Kinds("invocation_id"));
        using CancellationTokenSource leaving = new();
        bus.Instead = call => call.Member == "GetUnitByPIDFD" ? [] : null;
        Task<AttestorFindings> asked = attestor.AskAsync(needed: Given.Kinds("invocation_id"), cancellationToken: leaving.Token);
        _ = await bus.SeenAsync("GetUnitByPIDFD");
        _ = await bus.SeenAsync("GetUnitByPIDFD");
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        bus.Instead = static _ => null;
        Assert.Single((await attestor.AskAsync(needed: Given.Kinds("invocation_id"))).Evidence);
        Assert.Equal(1, bus.Connections);
    }

    [RequiresRootFact]
    public async Task Answers_of_others_and_to_others_are_not_taken_for_ones_own()
    {
        await using FakeBus bus = new();
        string[] lies = ["another serial", "another sender", "another sender's error"];
        bus.Instead = call => call.Member == "Get" && call.Texts[1] == "Id"
            ?
            [
                (call with { Serial = call.Serial + 1000 }).Answer(FakeBus.Owner, "v", body => body.Signature("s").String(lies[0])),
                call.Answer(":1.66", "v", body => body.Signature("s").String(lies[1])),
                call.Error(":1.66", "org.freedesktop.DBus.Error.AccessDenied"),
                call.Answer("org.freedesktop.DBus", "v", body => body.Signature("s").String(lies[2])),
                bus.Answer(call),
                call.Answer(FakeBus.Owner, "v", body => body.Signature("s").String("a second answer")),
            ]
            : null;

        Assert.Equal(["systemd:id:web@blue.service"], (await Given.Attestor(bus.Path).AskAsync()).Values());
    }

    [RequiresRootTheory]
    [InlineData("wrong signature")]
    [InlineData("no unit's path")]
    [InlineData("garbage")]
    [InlineData("too long")]
    [InlineData("truncated string")]
    public async Task Answer_that_is_none_fails_the_caller_and_the_next_is_answered(string answer)
    {
        await using FakeBus bus = new();
        SystemdAttestor attestor = Given.Attestor(bus.Path);
        bus.Instead = call => call.Member != "GetUnitByPIDFD" ? null : answer switch
        {
            "wrong signature" => [call.Answer(FakeBus.Owner, "s", body => body.String("web@blue.service"))],
            "no unit's path" => [call.Answer(FakeBus.Owner, "osay", body => body.String("/org/freedesktop/systemd1").String("x").UInt32(0))],
            "garbage" => ["HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()],
            "too long" => [call.Answer(FakeBus.Owner, "osay", body => body.String(FakeSystemd.Unit).String(new string('x', BusConnection.MaxAnswer)).UInt32(0))],
            _ => [call.Answer(FakeBus.Owner, "osay", body => body.UInt32(1000).Bytes("/org"u8))],
        };

        Assert.Equal(DBusFault.Malformed, (await Assert.ThrowsAsync<DBusException>(() => attestor.AskAsync())).Fault);
        bus.Instead = static _ => null;
        Assert.Single((await attestor.AskAsync()).Evidence);
    }

    [RequiresRootFact]
    public async Task Error_that_says_nothing_of_the_process_is_a_failure_and_no_evidence()
    {
        await using FakeBus bus = new();
        bus.Instead = call => call.Member == "Get" ? [call.Error("org.freedesktop.DBus", ErrorNames.AccessDenied)] : null;

        DBusException failure = await Assert.ThrowsAsync<DBusException>(() => Given.Attestor(bus.Path).AskAsync());

        Assert.Equal((DBusFault.Error, ErrorNames.AccessDenied), (failure.Fault, failure.ErrorName));
    }

    [RequiresRootTheory]
    [InlineData("closed")]
    [InlineData(ErrorNames.ServiceUnknown)]
    [InlineData(ErrorNames.NameHasNoOwner)]
    [InlineData(ErrorNames.NoReply)]
    public async Task Bus_or_systemd_that_was_started_anew_is_asked_again_at_once(string how)
    {
        await using FakeBus bus = new();
        SystemdAttestor attestor = Given.Attestor(bus.Path);
        _ = await attestor.AskAsync(needed: Given.Kinds("invocation_id"));
        Socket first = await bus.AcceptedAsync();
        bool gone = false;
        bus.Instead = call =>
        {
            if (gone || call.Member != "GetUnitByPIDFD") return null;
            gone = true;
            if (how != "closed") return [call.Error("org.freedesktop.DBus", how)];
            first.Shutdown(SocketShutdown.Both);
            return [];
        };

        AttestorFindings findings = await attestor.AskAsync(needed: Given.Kinds("id", "invocation_id"));

        Assert.True(gone);
        Assert.Contains("systemd:id:web@blue.service", findings.Values());
        Assert.Equal(2, bus.Connections);
    }

    [RequiresRootFact]
    public async Task Descriptors_that_come_with_messages_are_never_installed()
    {
        await using FakeBus bus = new();
        SystemdAttestor attestor = Given.Attestor(bus.Path);
        _ = await attestor.AskAsync(needed: Given.Kinds("invocation_id"));
        Socket hostile = await bus.AcceptedAsync();
        string marker = Path.GetTempFileName();
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(marker);
        for (int i = 0; i < 50; i++) BusWriter.Write(hostile, BusCall.Signal(10), (int)file.DangerousGetHandle());

        Assert.Single((await attestor.AskAsync(needed: Given.Kinds("invocation_id"))).Evidence); // Answered after the signals, so they have been read.

        int open = Directory.GetFiles("/proc/self/fd").Count(link => new FileInfo(link).LinkTarget == marker);
        File.Delete(marker);
        Assert.Equal(1, open);
    }

    [RequiresRootFact]
    public async Task Name_of_systemd_in_a_users_hands_is_not_believed()
    {
        await using FakeBus bus = new();
        bus.OwnerUser = 1000;

        Assert.Equal(DBusFault.NotTrusted, (await Assert.ThrowsAsync<DBusException>(() => Given.Attestor(bus.Path).AskAsync())).Fault);
        Assert.Empty(bus.Calls);
    }

    [RequiresRootTheory]
    [InlineData("a socket of somebody else")]
    [InlineData("a folder that others may write")]
    [InlineData("a folder of somebody else")]
    [InlineData("a link")]
    [InlineData("a relative path")]
    public async Task Socket_that_others_than_root_could_have_put_there_is_not_connected_to(string flaw)
    {
        await using FakeBus bus = new();
        string socket = bus.Path, folder = Path.GetDirectoryName(bus.Path)!;
        switch (flaw)
        {
            case "a socket of somebody else": Run("chown", Nobody, socket); break;
            case "a folder of somebody else": Run("chown", Nobody, folder); break;
            case "a folder that others may write": Run("chmod", "0777", folder); break;
            case "a link": File.CreateSymbolicLink(socket = bus.Path + ".link", bus.Path); break;
            default: socket = Path.GetRelativePath(Environment.CurrentDirectory, bus.Path); break;
        }

        Assert.Equal(DBusFault.NotTrusted, (await Assert.ThrowsAsync<DBusException>(() => Given.Attestor(socket).AskAsync())).Fault);
        Assert.Equal(0, bus.Connections);
    }

    [RequiresRootFact("setpriv", "/usr/bin/python3")]
    public async Task Socket_of_root_that_another_user_listens_on_is_not_spoken_to()
    {
        string folder = Directory.CreateTempSubdirectory("bus").FullName, socket = Path.Combine(folder, "socket");
        Run("chown", Nobody, folder);
        const string Listen = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print('listening', flush=True); c, _ = s.accept(); print(c.recv(1), flush=True)";
        using Process listener = Process.Start(new ProcessStartInfo("setpriv", [$"--reuid={Nobody}", "--clear-groups", "/usr/bin/python3", "-c", Listen, socket]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("listening", await listener.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
            Run("chown", "0", folder, socket); // What the path says is good now: the kernel knows better.

            DBusException failure = await Assert.ThrowsAsync<DBusException>(() => Given.Attestor(socket).AskAsync());

            Assert.Equal(DBusFault.NotTrusted, failure.Fault);
            Assert.Contains("listened on", failure.Message, StringComparison.Ordinal);
            Assert.Equal("b''", await listener.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        }
        finally
        {
            listener.Kill();
            await listener.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [RequiresRootFact]
    public async Task Environment_does_not_say_where_thebus_is()
    {
        await using FakeBus bus = new();
        Environment.SetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS", $"unix:path={bus.Path}");
        try
        {
            await Assert.ThrowsAsync<DBusException>(() => Given.Attestor(Path.GetDirectoryName(bus.Path) + "/no-bus").AskAsync());
            Assert.Equal(0, bus.Connections);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS", null);
        }
    }

    [RequiresRootFact]
    public async Task Crowd_of_callers_shares_a_connection_and_a_unit_is_asked_about_a_few_times()
    {
        await using FakeBus bus = new();
        SystemdAttestor attestor = Given.Attestor(bus.Path, _time); // In no time: what is remembered stays so.

        AttestorFindings[] all = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => attestor.AskAsync()));

        Assert.All(all, findings => Assert.Equal(["systemd:id:web@blue.service"], findings.Values()));
        Assert.Equal(1, bus.Connections);
        Assert.InRange(bus.Calls.Count(member => member == "GetUnitByPIDFD"), 1, new SystemdOptions().MaxConcurrent);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
