using System.Buffers;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>The admin API as operators see it.</summary>
internal sealed class AdminClient(EndpointAddress address) : IDisposable
{
    /// <summary>Longest answer that is taken, in bytes. Ours: a change of as many entries as one request holds comes back whole, and somewhat longer.</summary>
    private const int MaxAnswerBytes = 64 * 1024 * 1024;

    private const string Service = "spiffeagent.admin.v1.Admin";

    private static readonly Method<GetStatusRequest, GetStatusResponse> GetStatus = new(MethodType.Unary, Service, "GetStatus", GetStatusResponse.Parser);
    private static readonly Method<ExplainRequest, ExplainResponse> Explain = new(MethodType.Unary, Service, "Explain", ExplainResponse.Parser);

    private static readonly Method<GetInventoryRequest, InventoryPiece> GetInventory = new(MethodType.ServerStreaming, Service, "GetInventory", InventoryPiece.Parser);

    private static readonly Method<ListEntriesRequest, Entry> ListEntries = new(MethodType.ServerStreaming, Service, "ListEntries", Entry.Parser);
    private static readonly Method<GetEntryRequest, Entry> GetEntry = new(MethodType.Unary, Service, "GetEntry", Entry.Parser);
    private static readonly Method<AddEntriesRequest, EntriesChanged> AddEntries = new(MethodType.Unary, Service, "AddEntries", EntriesChanged.Parser);
    private static readonly Method<UpdateEntryRequest, EntriesChanged> UpdateEntry = new(MethodType.Unary, Service, "UpdateEntry", EntriesChanged.Parser);
    private static readonly Method<EraseTextRequest, EraseTextResponse> EraseText = new(MethodType.Unary, Service, "EraseText", EraseTextResponse.Parser);

    private static readonly Method<RemoveEntriesRequest, EntriesChanged> RemoveEntries = new(MethodType.Unary, Service, "RemoveEntries", EntriesChanged.Parser);

    private readonly RpcChannel _channel = new(address.EndPoint, new RpcChannelOptions { MaxReceiveMessageBytes = MaxAnswerBytes });

    public Task<GetStatusResponse> StatusAsync(CancellationToken cancellationToken) =>
        _channel.UnaryAsync(GetStatus, new GetStatusRequest(), new CallOptions(CancellationToken: cancellationToken));

    /// <summary>Whether there was something to erase.</summary>
    public async Task<bool> EraseTextAsync(long index, CancellationToken cancellationToken) =>
        (await _channel.UnaryAsync(EraseText, new EraseTextRequest { Index = index }, new CallOptions(CancellationToken: cancellationToken))).Erased;

    public Task<ExplainResponse> ExplainAsync(int processId, CancellationToken cancellationToken) =>
        _channel.UnaryAsync(Explain, new ExplainRequest { ProcessId = processId }, new CallOptions(CancellationToken: cancellationToken));

    /// <summary>The inventory as the agent wrote it, canonical JSON, and where it is asked for what the log's key says of it.</summary>
    public async Task<(ReadOnlyMemory<byte> Document, ReadOnlyMemory<byte> Note)> InventoryAsync(bool sign, CancellationToken cancellationToken)
    {
        using ClientCall<GetInventoryRequest, InventoryPiece> call = _channel.Call(GetInventory, new GetInventoryRequest { Sign = sign }, new CallOptions(CancellationToken: cancellationToken));
        ArrayBufferWriter<byte> document = new();
        ReadOnlyMemory<byte> note = default;
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            document.Write(call.ResponseStream.Current.Document.Span);
            note = call.ResponseStream.Current.Note.Memory;
        }

        return (document.WrittenMemory, note);
    }

    /// <summary>All of them, once the agent has told the last one.</summary>
    public async Task<IReadOnlyList<Entry>> ListAsync(ListEntriesRequest request, CancellationToken cancellationToken)
    {
        using ClientCall<ListEntriesRequest, Entry> call = _channel.Call(ListEntries, request, new CallOptions(CancellationToken: cancellationToken));
        List<Entry> entries = [];
        while (await call.ResponseStream.MoveNext(cancellationToken)) entries.Add(call.ResponseStream.Current);
        return entries;
    }

    public Task<Entry> GetAsync(GetEntryRequest request, CancellationToken cancellationToken) =>
        _channel.UnaryAsync(GetEntry, request, new CallOptions(CancellationToken: cancellationToken));

    public Task<EntriesChanged> AddAsync(AddEntriesRequest request, CancellationToken cancellationToken) =>
        _channel.UnaryAsync(AddEntries, request, new CallOptions(CancellationToken: cancellationToken));

    public Task<EntriesChanged> UpdateAsync(UpdateEntryRequest request, CancellationToken cancellationToken) =>
        _channel.UnaryAsync(UpdateEntry, request, new CallOptions(CancellationToken: cancellationToken));

    public Task<EntriesChanged> RemoveAsync(RemoveEntriesRequest request, CancellationToken cancellationToken) =>
        _channel.UnaryAsync(RemoveEntries, request, new CallOptions(CancellationToken: cancellationToken));

    public void Dispose() => _channel.Dispose();
}
