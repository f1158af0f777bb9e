using Google.Protobuf;
using Google.Protobuf.Reflection;
using Spiffe.Agent.Rpc.Server;

namespace Spiffe.Agent.Rpc;

/// <summary>A gRPC service declared by hand: its full name and a handler for each method. Declare it whole before it is listened to.</summary>
public sealed class RpcService
{
    private readonly List<ServerMethod> _methods = [];

    private RpcService(string fullName, ServiceDescriptor? descriptor)
    {
        ArgumentException.ThrowIfNullOrEmpty(fullName);
        FullName = fullName;
        Descriptor = descriptor;
    }

    /// <summary>Package and name, such as <c>grpc.health.v1.Health</c>, or the name alone where there is no package.</summary>
    public string FullName { get; }

    /// <summary>What reflection tells of it; null hides it from reflection.</summary>
    public ServiceDescriptor? Descriptor { get; }

    internal IReadOnlyList<ServerMethod> Methods => _methods;

    /// <summary>A service that reflection does not tell of.</summary>
    public static RpcService Create(string fullName) => new(fullName, null);

    /// <summary>A service as its proto file declares it. Methods that the file does not have are refused; those without a handler answer Unimplemented.</summary>
    public static RpcService Create(ServiceDescriptor descriptor) => new(descriptor.FullName, descriptor);

    /// <summary>A service of a proto file by its full name.</summary>
    /// <exception cref="ArgumentException">The file does not declare it.</exception>
    public static RpcService Create(string fullName, FileDescriptor file) =>
        Create(file.Services.FirstOrDefault(s => string.Equals(s.FullName, fullName, StringComparison.Ordinal))
            ?? throw new ArgumentException($"{file.Name} declares no service {fullName}", nameof(fullName)));

    public RpcService Unary<TRequest, TResponse>(string name, MessageParser<TRequest> parser, UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(new UnaryMethod<TRequest, TResponse>(Path(name), parser, ProtobufEncoder<TResponse>.Instance, handler), MethodType.Unary);

    /// <summary>Unary with an answer that is encoded already.</summary>
    public RpcService Unary<TRequest>(string name, MessageParser<TRequest> parser, UnaryServerMethod<TRequest, EncodedMessage> handler)
        where TRequest : class, IMessage<TRequest> =>
        Add(new UnaryMethod<TRequest, EncodedMessage>(Path(name), parser, EncodedMessageEncoder.Instance, handler), MethodType.Unary);

    public RpcService ServerStreaming<TRequest, TResponse>(string name, MessageParser<TRequest> parser, ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(new ServerStreamingMethod<TRequest, TResponse>(Path(name), parser, ProtobufEncoder<TResponse>.Instance, handler), MethodType.ServerStreaming);

    /// <summary>Server streaming with messages that are encoded already, so that many streams share their bytes.</summary>
    public RpcService ServerStreaming<TRequest>(string name, MessageParser<TRequest> parser, ServerStreamingServerMethod<TRequest, EncodedMessage> handler)
        where TRequest : class, IMessage<TRequest> =>
        Add(new ServerStreamingMethod<TRequest, EncodedMessage>(Path(name), parser, EncodedMessageEncoder.Instance, handler), MethodType.ServerStreaming);

    public RpcService ClientStreaming<TRequest, TResponse>(string name, MessageParser<TRequest> parser, ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(new ClientStreamingMethod<TRequest, TResponse>(Path(name), parser, ProtobufEncoder<TResponse>.Instance, handler), MethodType.ClientStreaming);

    public RpcService DuplexStreaming<TRequest, TResponse>(string name, MessageParser<TRequest> parser, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Add(new DuplexStreamingMethod<TRequest, TResponse>(Path(name), parser, ProtobufEncoder<TResponse>.Instance, handler), MethodType.DuplexStreaming);

    /// <summary>Duplex streaming with answers that are encoded already.</summary>
    public RpcService DuplexStreaming<TRequest>(string name, MessageParser<TRequest> parser, DuplexStreamingServerMethod<TRequest, EncodedMessage> handler)
        where TRequest : class, IMessage<TRequest> =>
        Add(new DuplexStreamingMethod<TRequest, EncodedMessage>(Path(name), parser, EncodedMessageEncoder.Instance, handler), MethodType.DuplexStreaming);

    private string Path(string name) => $"/{FullName}/{name}";

    private RpcService Add(ServerMethod method, MethodType type)
    {
        string name = method.Path[(FullName.Length + 2)..];
        if (_methods.Exists(m => string.Equals(m.Path, method.Path, StringComparison.Ordinal))) throw new ArgumentException($"{method.Path} has a handler already", nameof(method));
        if (Descriptor is not null && !Declares(Descriptor, name, type)) throw new ArgumentException($"{Descriptor.File.Name} declares no {type} method {name}", nameof(method));
        _methods.Add(method);
        return this;
    }

    private static bool Declares(ServiceDescriptor service, string name, MethodType type) =>
        service.FindMethodByName(name) is { } method
        && method.IsClientStreaming == (type is MethodType.ClientStreaming or MethodType.DuplexStreaming)
        && method.IsServerStreaming == (type is MethodType.ServerStreaming or MethodType.DuplexStreaming);
}
