namespace Spiffe.Agent.Rpc.Server;

/// <summary>One method of a service, as the server calls it.</summary>
internal abstract class ServerMethod(string path)
{
    /// <summary>What the request's :path says: <c>/service/method</c>.</summary>
    public string Path { get; } = path;

    /// <summary>Whether the answer is a stream. Such calls may have no end of their own, so a stopping server ends them.</summary>
    public abstract bool Streams { get; }

    /// <summary>Reads requests, runs the handler, writes responses. What it throws becomes the status of the call.</summary>
    public abstract Task InvokeAsync(ServerCallContext call);
}
