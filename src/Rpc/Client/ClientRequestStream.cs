using Google.Protobuf;

namespace Spiffe.Agent.Rpc.Client;

/// <summary>The client's end of a stream of requests.</summary>
internal sealed class ClientRequestStream<T>(RequestContent content, Func<Exception, Task<RpcException>> explain, CancellationToken ended) : IClientStreamWriter<T>
    where T : class, IMessage<T>
{
    private int _writing;
    private bool _completed;

    public async Task WriteAsync(T message, CancellationToken cancellationToken = default)
    {
        if (_completed) throw new InvalidOperationException("the stream of requests is complete");
        if (Interlocked.Exchange(ref _writing, 1) == 1) throw new InvalidOperationException("the previous write is still under way");
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Stream stream = await content.Opened.WaitAsync(ended);
            await stream.WriteAsync(EncodedMessage.From(message).Frame, ended);
            await stream.FlushAsync(ended);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested || ended.IsCancellationRequested)
        {
            throw await explain(e);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        _completed = true;
        content.Complete();
        return Task.CompletedTask;
    }
}
