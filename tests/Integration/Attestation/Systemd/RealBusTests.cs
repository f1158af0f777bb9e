using System.Diagnostics;
using System.Net.Sockets;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Systemd;
using Spiffe.Agent.Attestation.DBus;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Systemd;

/// <summary>The client on Debian's dbus-daemon.</summary>
public sealed class RealBusTests
{
    private const string Python = "/usr/bin/python3";

    [RequiresRootFact("dbus-daemon")]
    public async Task Bus_that_root_started_is_trusted_though_it_is_a_mere_user_by_now()
    {
        await using RealBus bus = await RealBus.StartAsync();
        await bus.ServeAsync(new FakeSystemd());

        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync(needed: SelectorKinds.All);

        Assert.Equal(6, findings.Evidence.Count);
        Assert.Contains("systemd:invocation_id:0102030405060708090a0b0c0d0e0f10", findings.Values());
    }

    [RequiresRootFact("dbus-daemon", "setpriv", Python)]
    public async Task Name_of_systemd_that_a_user_took_is_not_believed()
    {
        await using RealBus bus = await RealBus.StartAsync();
        Assert.Equal("taken", await bus.RunAsNobodyAsync(Python, Repository.Path("tests", "Integration", "Attestation", "Systemd", "squatter.py"), bus.Path, "org.freedesktop.systemd1"));

        DBusException failure = await Assert.ThrowsAsync<DBusException>(() => Given.Attestor(bus.Path).AskAsync());

        Assert.Equal(DBusFault.NotTrusted, failure.Fault);
        Assert.Contains("uid 65534", failure.Message, StringComparison.Ordinal);
    }

    [RequiresRootFact("dbus-daemon")]
    public async Task Bus_without_systemd_is_a_failure_and_no_evidence()
    {
        await using RealBus bus = await RealBus.StartAsync();

        Assert.Equal(ErrorNames.NameHasNoOwner, (await Assert.ThrowsAsync<DBusException>(() => Given.Attestor(bus.Path).AskAsync())).ErrorName);
    }

    [RequiresRootFact("dbus-daemon")]
    public async Task Bus_that_is_started_anew_is_asked_again()
    {
        await using RealBus bus = await RealBus.StartAsync();
        await bus.ServeAsync(new FakeSystemd());
        SystemdAttestor attestor = Given.Attestor(bus.Path);
        _ = await attestor.AskAsync(needed: Given.Kinds("invocation_id"));

        await bus.RestartAsync();
        await bus.ServeAsync(new FakeSystemd { Invocation = new byte[16] });

        Assert.Equal([$"systemd:invocation_id:{new string('0', 32)}"], (await attestor.AskAsync(needed: Given.Kinds("invocation_id"))).Values());
    }

    [RequiresRootFact("dbus-daemon", "dbus-send", "setpriv")]
    public async Task Signals_that_any_user_may_send_us_disturb_nobody()
    {
        await using RealBus bus = await RealBus.StartAsync();
        await bus.ServeAsync(new FakeSystemd());
        SystemdAttestor attestor = Given.Attestor(bus.Path);
        _ = await attestor.AskAsync(needed: Given.Kinds("invocation_id"));
        string[] megabyte = [.. Enumerable.Repeat("string:" + new string('x', 100_000), 10)];

        // :1.0 is systemd, :1.1 are we.
        for (int i = 0; i < 20; i++) await bus.RunAsNobodyAsync(["dbus-send", $"--bus=unix:path={bus.Path}", "--type=signal", "--dest=:1.1", "/x", "a.b.C", .. megabyte]);

        Assert.Single((await attestor.AskAsync(needed: Given.Kinds("invocation_id"))).Evidence);
    }

    [RequiresRootFact(Python)]
    public async Task Descriptor_that_is_sent_is_the_pidfd_of_the_process()
    {
        string folder = Directory.CreateTempSubdirectory("bus").FullName;
        const string Receive = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print("listening", flush=True)
            c, _ = s.accept(); text, fds, _, _ = socket.recv_fds(c, 100, 10)
            print(text.decode(), len(fds), *[line.split()[1] for line in open(f"/proc/self/fdinfo/{fds[0]}") if line.startswith("Pid:")], flush=True)
            """;
        using Process receiver = Process.Start(new ProcessStartInfo(Python, ["-c", Receive, folder + "/socket"]) { RedirectStandardOutput = true })!;
        using PeerProcess self = Given.Self();
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Assert.Equal("listening", await receiver.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder + "/socket"));

        BusWriter.Write(socket, "hello"u8, (int)self.PidFd!.DangerousGetHandle());

        Assert.Equal($"hello 1 {Environment.ProcessId}", await receiver.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        await receiver.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
    }
}
