using System.Net.Sockets;
using Spiffe.Agent.Rpc.Transport;

namespace Spiffe.Agent.Tests.Unit.Transport;

public sealed class UnixSocketBinderTests : IDisposable
{
    private const UnixFileMode Everyone = (UnixFileMode)0b110_110_110;

    private readonly string _folder = Directory.CreateTempSubdirectory("bind").FullName;

    private string Socket => Path.Combine(_folder, "s");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Socket_has_the_mode_that_was_asked_for_and_goes_when_it_ends()
    {
        using (UnixSocketBinder.Bind(new UnixSocketOptions { Path = Socket, Mode = Everyone }))
        {
            Assert.Equal(Everyone, ModeOf(Socket));
            using Socket client = Connect();
        }

        Assert.False(Path.Exists(Socket));
    }

    [Fact]
    public void Missing_directories_are_made_with_their_mode()
    {
        UnixFileMode mode = (UnixFileMode)0b111_111_000;
        string path = Path.Combine(_folder, "a", "b", "s");

        using BoundUnixSocket bound = UnixSocketBinder.Bind(new UnixSocketOptions { Path = path, DirectoryMode = mode });

        Assert.Equal(mode, ModeOf(Path.Combine(_folder, "a")));
        Assert.Equal(mode, ModeOf(Path.Combine(_folder, "a", "b")));
    }

    [Fact]
    public void Stale_socket_is_replaced()
    {
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Socket));
            File.Move(Socket, Socket + "2"); // .NET removes the name when it closes a socket that it bound
        }

        File.Move(Socket + "2", Socket);
        Assert.True(Path.Exists(Socket));

        using BoundUnixSocket bound = UnixSocketBinder.Bind(new UnixSocketOptions { Path = Socket });
        using Socket client = Connect();
    }

    [Fact]
    public void Live_socket_is_refused_and_stays()
    {
        using BoundUnixSocket first = UnixSocketBinder.Bind(new UnixSocketOptions { Path = Socket });

        Assert.Equal(BindFault.InUse, FaultOf(Socket));
        using Socket client = Connect();
    }

    [Fact]
    public async Task Of_many_starters_one_wins()
    {
        BoundUnixSocket?[] won = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            try
            {
                return UnixSocketBinder.Bind(new UnixSocketOptions { Path = Socket });
            }
            catch (UnixBindException lost) when (lost.Fault == BindFault.InUse)
            {
                return null;
            }
        })));

        Assert.Single(won, bound => bound is not null);
        using Socket client = Connect();
        foreach (BoundUnixSocket? bound in won) bound?.Dispose();
    }

    [Fact]
    public void Symbolic_link_is_refused_and_stays()
    {
        File.CreateSymbolicLink(Socket, Path.Combine(_folder, "elsewhere"));

        Assert.Equal(BindFault.SymbolicLink, FaultOf(Socket));
        Assert.NotNull(new FileInfo(Socket).LinkTarget);
    }

    [Fact]
    public void File_is_refused_and_stays()
    {
        File.WriteAllText(Socket, "precious");

        Assert.Equal(BindFault.NotASocket, FaultOf(Socket));
        Assert.Equal("precious", File.ReadAllText(Socket));
    }

    [Fact]
    public void Successors_socket_is_not_removed_on_stop()
    {
        BoundUnixSocket first = UnixSocketBinder.Bind(new UnixSocketOptions { Path = Socket });
        File.Delete(Socket);
        using BoundUnixSocket second = UnixSocketBinder.Bind(new UnixSocketOptions { Path = Socket });

        first.Dispose();

        using Socket client = Connect();
    }

    [Theory]
    [InlineData("relative", BindFault.PathInvalid)]
    [InlineData("/proc/nowhere/s", BindFault.DirectoryUnavailable)]
    [InlineData("/tmp/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", BindFault.PathTooLong)]
    public void Impossible_path_is_refused_with_its_fault(string path, BindFault fault) => Assert.Equal(fault, FaultOf(path));

    [Fact]
    public void Inherited_listening_socket_is_taken_and_its_name_left()
    {
        using Socket listening = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listening.Bind(new UnixDomainSocketEndPoint(Socket));
        listening.Listen();
        using (BoundUnixSocket bound = UnixSocketBinder.FromInherited(new Microsoft.Win32.SafeHandles.SafeFileHandle(listening.Handle, ownsHandle: false))) Assert.Equal(Socket, bound.Path);

        Assert.True(Path.Exists(Socket));
    }

    [Fact]
    public void Inherited_descriptor_of_another_kind_is_refused()
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle("/dev/null");
        Assert.Equal(BindFault.InheritedUnusable, Assert.Throws<UnixBindException>(() => UnixSocketBinder.FromInherited(file)).Fault);
    }

    private static BindFault FaultOf(string path) => Assert.Throws<UnixBindException>(() => UnixSocketBinder.Bind(new UnixSocketOptions { Path = path })).Fault;

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsLinux() ? File.GetUnixFileMode(path) : default;

    private Socket Connect()
    {
        Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(Socket));
        return client;
    }
}
