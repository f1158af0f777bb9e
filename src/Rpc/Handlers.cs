namespace Spiffe.Agent.Rpc;

/// <summary>One request, one response.</summary>
public delegate Task<TResponse> UnaryServerMethod<in TRequest, TResponse>(TRequest request, ServerCallContext context);

/// <summary>One request, many responses; the stream ends when the task does.</summary>
public delegate Task ServerStreamingServerMethod<in TRequest, out TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context);

/// <summary>Many requests, one response.</summary>
public delegate Task<TResponse> ClientStreamingServerMethod<in TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context);

/// <summary>Many messages each way; the stream ends when the task does.</summary>
public delegate Task DuplexStreamingServerMethod<in TRequest, out TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context);

/// <summary>Decides on a call before any of its body is read: null lets it pass, a status answers it. Runs for every known method of its endpoint; must not block.</summary>
/// <remarks>May throw <see cref="RpcException"/> to answer with details; any other exception answers Unknown.</remarks>
public delegate Status? CallGate(ServerCallContext context);
