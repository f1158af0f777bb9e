using System.Diagnostics;
using System.Net.Sockets;
using Spiffe.Agent.Attestation.DBus;

namespace Spiffe.Agent.Tests.Integration.Attestation.Systemd;

/// <summary>A dbus-daemon of its own: started as root, listening by itself, and a mere user from then on, as the machine's is.</summary>
internal sealed class RealBus : IAsyncDisposable
{
    private const string Configuration = """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>system</type>
          <user>nobody</user>
          <listen>unix:path={0}/socket</listen>
          <auth>EXTERNAL</auth>
          <policy context="default">
            <allow user="*"/> <allow own="*"/> <allow send_type="method_call"/> <allow send_type="signal"/>
            <allow send_requested_reply="true" send_type="method_return"/> <allow send_requested_reply="true" send_type="error"/>
            <allow receive_type="method_call"/> <allow receive_type="method_return"/> <allow receive_type="error"/> <allow receive_type="signal"/>
          </policy>
        </busconfig>
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("bus").FullName;
    private readonly List<Process> _started = [];
    private readonly List<Socket> _guests = [];
    private Process? _daemon;

    internal string Path => System.IO.Path.Combine(_folder, "socket");

    internal static async Task<RealBus> StartAsync()
    {
        RealBus bus = new();
        File.SetUnixFileMode(bus._folder, (UnixFileMode)0x1ed); // 0755: other users may connect.
        await File.WriteAllTextAsync(bus._folder + "/bus.conf", Configuration.Replace("{0}", bus._folder, StringComparison.Ordinal));
        await bus.StartDaemonAsync();
        return bus;
    }

    /// <summary>Ends the daemon, with every connection, and starts another at the same place.</summary>
    internal async Task RestartAsync()
    {
        _daemon!.Kill();
        await _daemon.WaitForExitAsync();
        File.Delete(Path);
        await StartDaemonAsync();
    }

    /// <summary>Root's systemd appears on the bus, in this process.</summary>
    internal async Task ServeAsync(FakeSystemd systemd)
    {
        Socket guest = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _guests.Add(guest);
        await guest.ConnectAsync(new UnixDomainSocketEndPoint(Path));
        Assert.True(await BusHandshake.RunAsync(guest, CancellationToken.None));
        BusWriter.Write(guest, MethodCall.ToBus("Hello").Write(1), null);
        BusWriter.Write(guest, RequestName("org.freedesktop.systemd1"), null);
        NetworkStream stream = new(guest);
        TaskCompletionSource named = new();
        _ = AnswerAsync(stream, systemd, named);
        await named.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Runs a program as nobody, with this bus's socket as its first argument, and waits for its first line.</summary>
    internal async Task<string?> RunAsNobodyAsync(params string[] command)
    {
        Process process = Process.Start(new ProcessStartInfo("setpriv", ["--reuid=65534", "--clear-groups", .. command]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _started.Add(process);
        return await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        _guests.ForEach(guest => guest.Dispose());
        foreach (Process process in _started)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartDaemonAsync()
    {
        _daemon = Process.Start(new ProcessStartInfo("dbus-daemon", [$"--config-file={_folder}/bus.conf", "--nofork", "--nopidfile", "--print-address"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _started.Add(_daemon);
        _daemon.ErrorDataReceived += static (_, _) => { };
        _daemon.BeginErrorReadLine();
        Assert.NotNull(await _daemon.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static async Task AnswerAsync(NetworkStream stream, FakeSystemd systemd, TaskCompletionSource named)
    {
        try
        {
            while (true)
            {
                BusCall call = await FakeBus.ReadAsync(stream);
                if (call.Member == "NameAcquired" && call.Texts is ["org.freedesktop.systemd1"]) named.TrySetResult();
                if (call.Signature.Length > 0 && call.Member is "Get" or "GetUnitByPID" or "GetUnitByPIDFD") await stream.WriteAsync(systemd.Answer(call, "org.freedesktop.systemd1"));
            }
        }
        catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException)
        {
            // The bus or the test is over.
        }
    }

    private static byte[] RequestName(string name)
    {
        MessageWriter body = new();
        body.String(name).UInt32(0);
        MessageWriter message = new();
        message.Byte((byte)'l').Byte(1).Byte(0).Byte(1).UInt32((uint)body.Length).UInt32(2).UInt32(0);
        message.Align(8).Byte(1).Signature("o").String("/org/freedesktop/DBus").Align(8).Byte(3).Signature("s").String("RequestName");
        message.Align(8).Byte(2).Signature("s").String(MethodCall.Bus).Align(8).Byte(6).Signature("s").String(MethodCall.Bus).Align(8).Byte(8).Signature("g").Signature("su");
        message.Overwrite(12, (uint)(message.Length - MessagePrefix.Size));
        return [.. message.Align(8).Written, .. body.Written];
    }
}
