using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Spiffe.Agent.Tests.Benchmarks.Load;

namespace Spiffe.Agent.Tests.Benchmarks.Floors;

/// <summary>The least that a gRPC server on Kestrel can do: read the request, write fixed bytes. <c>/end/N</c> answers N bytes and trailers, <c>/hold/N</c> answers
/// N bytes and keeps the call open, as a watch does.</summary>
internal sealed class FixedAnswers : IHttpApplication<IFeatureCollection>
{
    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);

    public static string Path(bool held, int messageLength) => string.Create(CultureInfo.InvariantCulture, $"/{(held ? "hold" : "end")}/{messageLength}");

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        Answer answer = _answers.GetOrAdd(context.GetRequiredFeature<IHttpRequestFeature>().RawTarget, static path => Answer.For(path));
        PipeReader request = context.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        while (true)
        {
            ReadResult read = await request.ReadAsync();
            request.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }

        context.GetRequiredFeature<IHttpResponseFeature>().Headers.ContentType = "application/grpc";
        PipeWriter writer = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        writer.Write(answer.Frame);
        if (answer.Held)
        {
            await writer.FlushAsync();
            TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = context.GetRequiredFeature<IHttpRequestLifetimeFeature>()
                .RequestAborted.UnsafeRegister(static state => ((TaskCompletionSource)state!).SetResult(), aborted);
            await aborted.Task;
            return;
        }

        context.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers.GrpcStatus = "0";
    }

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
        // Nothing is held.
    }

    private sealed record Answer(byte[] Frame, bool Held)
    {
        public static Answer For(string path)
        {
            int length = int.Parse(path.AsSpan(path.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);
            byte[] frame = new byte[CallTemplate.MessagePrefix + length];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
            return new Answer(frame, path.StartsWith("/hold/", StringComparison.Ordinal));
        }
    }
}
