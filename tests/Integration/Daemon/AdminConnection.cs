using System.Net.Sockets;
using Google.Protobuf;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>An operator and a workload of one daemon, both this process.</summary>
internal sealed class AdminConnection(RealDaemon daemon) : IDisposable
{
    private const string Service = "spiffeagent.admin.v1.Admin";

    private readonly RpcChannel _admin = new(new UnixDomainSocketEndPoint(daemon.AdminSocket));
    private readonly RpcChannel _workload = new(new UnixDomainSocketEndPoint(daemon.WorkloadSocket));

    public Task<EntriesChanged> AddAsync(params EntrySpec[] entries) => AskAsync("AddEntries", new AddEntriesRequest { Entries = { entries } }, EntriesChanged.Parser);

    public Task<EntriesChanged> AddAsync(string document) => AskAsync("AddEntries", new AddEntriesRequest { Document = ByteString.CopyFromUtf8(document) }, EntriesChanged.Parser);

    public Task<EntriesChanged> UpdateAsync(string name, EntrySpec entry, params string[] fields)
    {
        UpdateEntryRequest request = new() { Name = name, Entry = entry, UpdateMask = new Google.Protobuf.WellKnownTypes.FieldMask() };
        request.UpdateMask.Paths.AddRange(fields);
        return AskAsync("UpdateEntry", request, EntriesChanged.Parser);
    }

    public Task<EntriesChanged> RemoveAsync(params string[] names) => AskAsync("RemoveEntries", new RemoveEntriesRequest { Names = { names } }, EntriesChanged.Parser);

    public Task<ExplainResponse> ExplainAsync(int processId) => AskAsync("Explain", new ExplainRequest { ProcessId = processId }, ExplainResponse.Parser);

    public async Task<IReadOnlyList<Entry>> ListAsync(ListEntriesRequest? request = null)
    {
        Method<ListEntriesRequest, Entry> method = new(MethodType.ServerStreaming, Service, "ListEntries", Entry.Parser);
        using ClientCall<ListEntriesRequest, Entry> call = _admin.Call(method, request ?? new ListEntriesRequest(), new CallOptions(Timeout: RealDaemon.Patience));
        List<Entry> entries = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None)) entries.Add(call.ResponseStream.Current);
        return entries;
    }

    /// <summary>The X.509 stream of this process.</summary>
    public ClientCall<X509SVIDRequest, X509SVIDResponse> Watch()
    {
        Method<X509SVIDRequest, X509SVIDResponse> method = new(MethodType.ServerStreaming, "SpiffeWorkloadAPI", "FetchX509SVID", X509SVIDResponse.Parser);
        return _workload.Call(method, new X509SVIDRequest(), new CallOptions(new Metadata { { "workload.spiffe.io", "true" } }, RealDaemon.Patience));
    }

    public void Dispose()
    {
        _admin.Dispose();
        _workload.Dispose();
    }

    private Task<TResponse> AskAsync<TRequest, TResponse>(string name, TRequest request, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _admin.UnaryAsync(new Method<TRequest, TResponse>(MethodType.Unary, Service, name, parser), request, new CallOptions(Timeout: RealDaemon.Patience));
}
