using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Tests.Interop.Testing;

namespace Spiffe.Agent.Tests.Interop;

/// <summary>The test service on a Unix socket, and what its clients need to know of it.</summary>
public sealed class TestHost : IAsyncLifetime, IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("interop-");
    private readonly RpcServer _server = new(
        new RpcServerOptions(), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance, TimeProvider.System);

    /// <summary>Path of the socket.</summary>
    public string Socket => Path.Combine(_folder.FullName, "test.sock");

    /// <summary>File with a FileDescriptorSet of the test service: clients build its messages at run time.</summary>
    public string Descriptors => Path.Combine(_folder.FullName, "test.binpb");

    public async Task InitializeAsync()
    {
        FileDescriptorSet set = new() { File = { FileDescriptorProto.Parser.ParseFrom(TestReflection.Descriptor.SerializedData) } };
        await File.WriteAllBytesAsync(Descriptors, set.ToByteArray());
        _server.Listen(new UnixDomainSocketEndPoint(Socket), TestService.Create());
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_folder.Exists) _folder.Delete(recursive: true);
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());
}
