namespace Spiffe.Agent.Rpc;

/// <summary>Which side of a call sends a stream.</summary>
public enum MethodType
{
    /// <summary>One message each way.</summary>
    Unary,

    /// <summary>Many requests, one response.</summary>
    ClientStreaming,

    /// <summary>One request, many responses.</summary>
    ServerStreaming,

    /// <summary>Many messages each way, independent of each other.</summary>
    DuplexStreaming,
}
