using Google.Protobuf;

namespace Spiffe.Agent.Rpc.Client;

/// <summary>A method of a service, as a client names it.</summary>
/// <typeparam name="TRequest">Message that the client sends.</typeparam>
/// <typeparam name="TResponse">Message that the server sends.</typeparam>
public sealed class Method<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    public Method(MethodType type, string serviceName, string name, MessageParser<TResponse> responseParser)
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceName);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Type = type;
        ServiceName = serviceName;
        Name = name;
        FullName = $"/{serviceName}/{name}";
        ResponseParser = responseParser;
    }

    public MethodType Type { get; }

    /// <summary>Full name of the service.</summary>
    public string ServiceName { get; }

    public string Name { get; }

    /// <summary>What goes into :path.</summary>
    public string FullName { get; }

    internal MessageParser<TResponse> ResponseParser { get; }
}
