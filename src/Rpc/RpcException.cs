using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Spiffe.Agent.Rpc;

/// <summary>Ends a call with a status: thrown by handlers to answer so, by clients to say that the server did.</summary>
public sealed class RpcException : Exception
{
    /// <summary>Key of the trailer that carries a google.rpc.Status in protobuf.</summary>
    public const string DetailsKey = "grpc-status-details-bin";

    public RpcException(Status status)
        : this(status, new Metadata())
    {
    }

    /// <param name="status">What the other side hears.</param>
    /// <param name="trailers">Sent, or received, behind the last message.</param>
    public RpcException(Status status, Metadata trailers)
        : base(status.ToString())
    {
        Status = status;
        Trailers = trailers;
    }

    /// <summary>With details of the richer error model: each is packed into a google.rpc.Status in <see cref="DetailsKey"/>.</summary>
    public RpcException(Status status, params IReadOnlyList<IMessage> details)
        : this(status, Pack(status, details))
    {
    }

    public Status Status { get; }

    public StatusCode StatusCode => Status.StatusCode;

    public Metadata Trailers { get; }

    /// <summary>The google.rpc.Status among the trailers; null when there is none or it cannot be read.</summary>
    public Details.Status? RichStatus
    {
        get
        {
            if (Trailers.GetValueBytes(DetailsKey) is not { } bytes) return null;
            try
            {
                return Details.Status.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                return null;
            }
        }
    }

    private static Metadata Pack(Status status, IReadOnlyList<IMessage> details)
    {
        Metadata trailers = new();
        if (details.Count == 0) return trailers;
        Details.Status rich = new() { Code = (int)status.StatusCode, Message = status.Detail };
        foreach (IMessage detail in details) rich.Details.Add(Any.Pack(detail));
        trailers.Add(DetailsKey, rich.ToByteArray());
        return trailers;
    }
}
