using System.Buffers;
using System.IO.Pipelines;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>Copies what is encoded already.</summary>
internal sealed class EncodedMessageEncoder : MessageEncoder<EncodedMessage>
{
    public static readonly EncodedMessageEncoder Instance = new();

    public override void Write(PipeWriter pipe, EncodedMessage message) => pipe.Write(message.Frame.Span);
}
