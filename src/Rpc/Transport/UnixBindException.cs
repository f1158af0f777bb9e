namespace Spiffe.Agent.Rpc.Transport;

/// <summary>A socket could not be made: the world is not as the daemon needs it.</summary>
public sealed class UnixBindException(BindFault fault, string message) : IOException(message)
{
    /// <summary>Why.</summary>
    public BindFault Fault { get; } = fault;
}
