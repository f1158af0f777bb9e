using System.Diagnostics;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Http;
using Spiffe.Agent.Tests.TestKit.Engines;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Engines;

/// <summary>A socket is believed only if nobody but its owner, and root, can have put it there and listen on it. Each test connects naively first.</summary>
public sealed class TrustedSocketTests : IAsyncLifetime
{
    private const uint Stranger = 54321;

    private readonly string _folder = Directory.CreateTempSubdirectory("trust").FullName;
    private FakeEngine? _engine;

    private string SocketPath => Path.Combine(_folder, "engine.sock");

    public Task InitializeAsync()
    {
        _engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", "{}"));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _engine!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Own_socket_in_own_folder_is_connected_to()
    {
        await using Stream stream = await TrustedSocket.ConnectAsync(new UnixEndpoint("engine", SocketPath, Owner.Id), CancellationToken.None);

        Assert.True(stream.CanRead);
    }

    [RequiresRootFact]
    public async Task Link_of_root_s_is_followed()
    {
        string link = Path.Combine(_folder, "link"), relative = Path.Combine(_folder, "relative");
        File.CreateSymbolicLink(link, _folder);
        File.CreateSymbolicLink(relative, "link/engine.sock");

        await using Stream stream = await TrustedSocket.ConnectAsync(new UnixEndpoint("engine", relative, 0), CancellationToken.None);

        Assert.True(stream.CanRead);
    }

    [RequiresRootFact]
    public async Task Links_that_lead_in_circles_are_refused()
    {
        string link = Path.Combine(_folder, "circle");
        File.CreateSymbolicLink(link, link);

        await IsNotTrustedAsync(link, 0, naively: false);
    }

    [RequiresRootFact("chown")]
    public async Task Socket_of_another_user_is_refused()
    {
        Own(SocketPath, Stranger);

        await IsNotTrustedAsync(SocketPath, 0);
    }

    [RequiresRootFact("chown")]
    public async Task Folder_of_another_user_is_refused()
    {
        Own(_folder, Stranger);

        await IsNotTrustedAsync(SocketPath, 0);
    }

    [RequiresRootFact]
    public async Task Folder_that_others_may_write_to_is_refused()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_101);

        await IsNotTrustedAsync(SocketPath, 0);
    }

    [RequiresRootFact("chown")]
    public async Task Listener_that_is_another_user_is_refused()
    {
        // The path is the user's from end to end, but somebody else, root here, answers: a user's socket that leads to root's Podman.
        Own(_folder, Stranger);
        Own(SocketPath, Stranger);

        await IsNotTrustedAsync(SocketPath, Stranger);
    }

    [RequiresRootFact("chown")]
    public async Task Link_of_a_user_to_root_s_socket_is_refused()
    {
        string home = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName, link = Path.Combine(home, "engine.sock");
        File.CreateSymbolicLink(link, SocketPath);
        Own(home, Stranger);
        Own(link, Stranger);

        await IsNotTrustedAsync(link, Stranger);
    }

    [RequiresRootFact("chown", "mount", "umount")]
    public async Task File_system_that_a_user_mounted_is_refused()
    {
        string home = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName, mounted = Directory.CreateDirectory(Path.Combine(home, "podman")).FullName;
        Own(home, Stranger);
        Run("mount", "-t", "tmpfs", "-o", "uid=54321,mode=0755,size=64k", "none", mounted);
        try
        {
            string path = Path.Combine(mounted, "engine.sock");
            await using FakeEngine engine = FakeEngine.Always(path, []);
            Own(path, Stranger);

            await IsNotTrustedAsync(path, Stranger, because: "another file system");
        }
        finally
        {
            Run("umount", mounted);
        }
    }

    [Fact]
    public async Task File_that_is_no_socket_is_refused()
    {
        string path = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(path, "");

        await IsNotTrustedAsync(path, Owner.Id, naively: false);
    }

    private static async Task IsNotTrustedAsync(string path, uint owner, bool naively = true, string because = "")
    {
        if (naively)
        {
            using System.Net.Sockets.Socket naive = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
            await naive.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        }

        UnixHttpException refusal = await Assert.ThrowsAsync<UnixHttpException>(() => TrustedSocket.ConnectAsync(new UnixEndpoint("engine", path, owner), CancellationToken.None));

        Assert.Equal(EvidenceRefusal.ServiceNotTrusted, refusal.Reason);
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
    }

    private static void Own(string path, uint user) => Run("chown", "--no-dereference", $"{user}", path);

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
