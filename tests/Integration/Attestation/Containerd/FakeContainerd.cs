using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Tests.Integration.Attestation.Containerd;

/// <summary>Speaks containerd's two methods on a real socket and says of one container what a test wants, true or not. Fakes containerd; HTTP/2 is Kestrel's.</summary>
internal sealed class FakeContainerd : IAsyncDisposable
{
    private const string Containers = "/containerd.services.containers.v1.Containers/Get", Tasks = "/containerd.services.tasks.v1.Tasks/Get";

    private readonly WebApplication _server;
    private int _calls;

    private FakeContainerd(WebApplication server) => _server = server;

    /// <summary>The namespace and id of the one container that there is.</summary>
    public (string Namespace, string Id) Known { get; set; }

    /// <summary>The id that it answers with.</summary>
    public string? AnswersId { get; set; }

    public string Image { get; set; } = "registry.example.org/web:1";

    public List<(string Key, string Value)> Labels { get; } = [];

    public int ProcessId { get; set; }

    /// <summary>containerd.v1.types.Status; 2 is RUNNING.</summary>
    public int Status { get; set; } = 2;

    /// <summary>When set, answers in its place.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>When set, runs before each answer.</summary>
    public Action? Meanwhile { get; set; }

    public int Calls => _calls;

    public static async Task<FakeContainerd> StartAsync(string socket)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2));
        WebApplication server = builder.Build();
        FakeContainerd fake = new(server);
        server.Run(fake.AnswerAsync);
        await server.StartAsync();
        return fake;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    /// <summary>Answers as gRPC does when there is no message: nothing but trailers, sent as headers.</summary>
    public static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = status.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    /// <summary>Answers with these bytes behind the prefix of one message, and OK.</summary>
    public static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> message, string? status = "0")
    {
        byte[] prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), message.Length);
        context.Response.ContentType = "application/grpc";
        if (status is not null) context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(prefix);
        await context.Response.Body.WriteAsync(message);
        if (status is not null) context.Response.AppendTrailer("grpc-status", status);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        Meanwhile?.Invoke();
        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        using MemoryStream request = new();
        await context.Request.Body.CopyToAsync(request);
        string id = new CodedInputStream(request.ToArray()[5..]) is { } input && input.ReadTag() == 10 ? input.ReadString() : "";
        bool known = (context.Request.Headers["containerd-namespace"].ToString(), id) == Known;
        await (known ? SendAsync(context, context.Request.Path.Value == Containers ? Container() : context.Request.Path.Value == Tasks ? FirstProcess() : default) : RefuseAsync(context, 5));
    }

    private byte[] Container() => Message(output => Nested(output, 1, container =>
    {
        Text(container, 1, AnswersId ?? Known.Id);
        foreach ((string key, string value) in Labels)
        {
            Nested(container, 2, label =>
            {
                Text(label, 1, key);
                Text(label, 2, value);
            });
        }

        Text(container, 3, Image);
        // What containerd sends besides and nobody here reads.
        Nested(container, 5, spec => Text(spec, 1, "types.containerd.io/opencontainers/runtime-spec/1/Spec"));
        Text(container, 6, "overlayfs");
    }));

    private byte[] FirstProcess() => Message(output => Nested(output, 1, process =>
    {
        Text(process, 2, Known.Id);
        process.WriteTag(3, WireFormat.WireType.Varint);
        process.WriteUInt32((uint)ProcessId);
        process.WriteTag(4, WireFormat.WireType.Varint);
        process.WriteEnum(Status);
    }));

    private static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Nested(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, leaveOpen: true)) write(output);
        return stream.ToArray();
    }
}
