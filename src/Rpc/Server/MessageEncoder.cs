using System.IO.Pipelines;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>Puts a message of one type, prefix included, into a pipe.</summary>
internal abstract class MessageEncoder<T>
{
    public abstract void Write(PipeWriter pipe, T message);
}
