using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Spiffe.Agent.Attestation.Http;

namespace Spiffe.Agent.Attestation.Attestors.Containerd;

/// <summary>Unary gRPC calls to a service of root's on this machine: HTTP/2 without TLS on a Unix socket.</summary>
/// <remarks>https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md. No more than what asking containerd takes: no compression, no streams, no retries
/// beyond the handler's own for calls that a closed connection has not carried.</remarks>
internal sealed class GrpcChannel : IDisposable
{
    private const int PrefixLength = 5; // A flag for compression, and the message's length.

    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");

    private readonly string _socket;
    private readonly int _maxAnswerSize;
    private readonly HttpMessageInvoker _http;

    internal GrpcChannel(string socket, int maxAnswerSize)
    {
        _socket = socket;
        _maxAnswerSize = maxAnswerSize;
        UnixEndpoint endpoint = new("containerd", socket, Owner: 0);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => await TrustedSocket.ConnectAsync(endpoint, cancellationToken),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 16, // KiB
        });
    }

    /// <summary>Sends one message and returns the one that answers it.</summary>
    /// <param name="method">Such as <c>/containerd.services.tasks.v1.Tasks/Get</c>.</param>
    /// <param name="metadata">One name and value.</param>
    /// <param name="message">The encoded request.</param>
    /// <param name="cancellationToken">Ends the call; there is no other deadline.</param>
    /// <exception cref="GrpcFailure">The service answered with a status that is not OK.</exception>
    /// <exception cref="InvalidDataException">The answer is longer than the limit or not gRPC.</exception>
    /// <exception cref="HttpRequestException">There is nobody at the socket, or not beyond doubt root: see <see cref="TrustedSocket"/>.</exception>
    internal async Task<byte[]> CallAsync(string method, (string Name, string Value) metadata, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("http://localhost" + method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(Framed(message.Span)) { Headers = { ContentType = ContentType } },
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.Add(metadata.Name, metadata.Value);

        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK) throw new InvalidDataException($"{_socket} answered HTTP status {(int)response.StatusCode}");
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        ReadOnlyMemory<byte> answer = await ReadAsync(body, cancellationToken);
        // An answer that is nothing but trailers arrives as headers.
        ThrowUnlessOk(response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders);
        return Unframed(answer.Span);
    }

    public void Dispose() => _http.Dispose();

    private async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            int read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return buffer.AsMemory(0, length);
            length += read;
            if (length > _maxAnswerSize) throw new InvalidDataException($"{_socket} answered more than {_maxAnswerSize} bytes");
            if (length == buffer.Length) Array.Resize(ref buffer, length * 2);
        }
    }

    private void ThrowUnlessOk(HttpHeaders trailers)
    {
        string? text = trailers.TryGetValues("grpc-status", out IEnumerable<string>? values) && values.ToArray() is [string only] ? only : null;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int status)) throw new InvalidDataException($"{_socket} answered without a grpc-status");
        if (status != 0) throw new GrpcFailure(status, string.Create(CultureInfo.InvariantCulture, $"{_socket} answered gRPC status {status}"));
    }

    private static byte[] Framed(ReadOnlySpan<byte> message)
    {
        byte[] frame = new byte[PrefixLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsSpan(PrefixLength));
        return frame;
    }

    // One message, uncompressed, and nothing behind it.
    private byte[] Unframed(ReadOnlySpan<byte> body)
    {
        bool whole = body.Length >= PrefixLength && body[0] == 0 && BinaryPrimitives.ReadUInt32BigEndian(body[1..]) == (uint)(body.Length - PrefixLength);
        return whole ? body[PrefixLength..].ToArray() : throw new InvalidDataException($"{_socket} answered something else than one message");
    }
}
