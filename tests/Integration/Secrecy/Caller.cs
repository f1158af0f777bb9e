using System.Globalization;
using System.Net.Sockets;
using Google.Protobuf;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>This process as a workload and as an operator of one daemon. It writes every secret that it is given into the book.</summary>
internal sealed class Caller : IDisposable
{
    public const string Name = "the harness";

    /// <summary>What only this program holds, of root's: selectors, as an entry has them.</summary>
    public static readonly string Selectors = $"\"unix:uid:0\", \"unix:path:{new FileInfo("/proc/self/exe").LinkTarget}\"";

    private const string Api = "SpiffeWorkloadAPI";
    private const string Identity = "spiffeagent.task.v1.TaskIdentity";
    private const string Verifier = "spiffeagent.task.v1.TaskVerifier";

    private readonly SecretBook _book;
    private readonly RpcChannel _workload;
    private readonly RpcChannel _admin;

    public Caller(string workloadSocket, string adminSocket, SecretBook book)
    {
        _book = book;
        _workload = new RpcChannel(new UnixDomainSocketEndPoint(workloadSocket));
        _admin = new RpcChannel(new UnixDomainSocketEndPoint(adminSocket));
    }

    /// <summary>Numbers of the sockets that this process has open.</summary>
    public static IReadOnlySet<long> Connections() => Directory.GetFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget)
        .Where(target => target?.StartsWith("socket:[", StringComparison.Ordinal) == true)
        .Select(target => long.Parse(target.AsSpan(8, target!.Length - 9), CultureInfo.InvariantCulture)).ToHashSet();

    /// <summary>Follows the X.509 stream until its first identity has had as many keys.</summary>
    public async Task WatchX509Async(int keys)
    {
        using ClientCall<X509SVIDRequest, X509SVIDResponse> call = Stream(Api, "FetchX509SVID", new X509SVIDRequest(), X509SVIDResponse.Parser);
        for (HashSet<ByteString> seen = []; seen.Count < keys;)
        {
            Assert.True(await call.ResponseStream.MoveNext(default));
            seen.Add(call.ResponseStream.Current.Svids[0].X509SvidKey);
            foreach (X509SVID svid in call.ResponseStream.Current.Svids) _book.AddKey($"X.509 key of {svid.SpiffeId}", Name, svid.X509SvidKey);
        }
    }

    /// <summary>Follows the WIT stream until its first identity has had as many keys.</summary>
    public async Task WatchWitAsync(int keys)
    {
        using ClientCall<WITSVIDRequest, WITSVIDResponse> call = Stream(Api, "FetchWITSVID", new WITSVIDRequest(), WITSVIDResponse.Parser);
        for (HashSet<string> seen = new(StringComparer.Ordinal); seen.Count < keys;)
        {
            Assert.True(await call.ResponseStream.MoveNext(default));
            seen.Add(call.ResponseStream.Current.Svids[0].WitSvidKey);
            foreach (WITSVID svid in call.ResponseStream.Current.Svids)
            {
                _book.AddToken($"WIT-SVID of {svid.SpiffeId}", Name, svid.WitSvid);
                _book.AddJwk($"WIT key of {svid.SpiffeId}", Name, svid.WitSvidKey);
            }
        }
    }

    public async Task FetchJwtAsync(string audience)
    {
        JWTSVIDResponse answer = await AskAsync(Api, "FetchJWTSVID", new JWTSVIDRequest { Audience = { audience } }, JWTSVIDResponse.Parser);
        foreach (JWTSVID svid in answer.Svids)
        {
            _book.AddToken($"JWT-SVID of {svid.SpiffeId}", Name, svid.Svid);
            ValidateJWTSVIDResponse valid = await AskAsync(Api, "ValidateJWTSVID", new ValidateJWTSVIDRequest { Audience = audience, Svid = svid.Svid }, ValidateJWTSVIDResponse.Parser);
            Assert.Equal(svid.SpiffeId, valid.SpiffeId);
        }
    }

    public async Task FetchBundlesAsync()
    {
        using ClientCall<X509BundlesRequest, X509BundlesResponse> call = Stream(Api, "FetchX509Bundles", new X509BundlesRequest(), X509BundlesResponse.Parser);
        Assert.True(await call.ResponseStream.MoveNext(default));
        using ClientCall<JWTBundlesRequest, JWTBundlesResponse> tokens = Stream(Api, "FetchJWTBundles", new JWTBundlesRequest(), JWTBundlesResponse.Parser);
        Assert.True(await tokens.ResponseStream.MoveNext(default));
    }

    public Task<TaskHandle> StartTaskAsync(string template, string assertion = "") => AskAsync(
        Identity, "StartTask", new StartTaskRequest { Template = template, SubjectToken = assertion, Intent = new Intent { Goal = "a busy run", Reason = "to be looked at" } }, TaskHandle.Parser);

    /// <summary>The credentials of a task, again and again until one is of this generation.</summary>
    /// <param name="task">Which one.</param>
    /// <param name="generation">The last that is waited for.</param>
    /// <param name="onFirst">Done when there are credentials, once.</param>
    public async Task FetchTaskAsync(string task, int generation, Func<Task> onFirst)
    {
        FetchTaskCredentialsRequest request = new() { TaskId = task, Audiences = { "api" } };
        using ClientCall<FetchTaskCredentialsRequest, TaskCredentials> call = Stream(Identity, "FetchTaskCredentials", request, TaskCredentials.Parser);
        int held = 0;
        while (held < generation)
        {
            Assert.True(await call.ResponseStream.MoveNext(default));
            TaskCredentials current = call.ResponseStream.Current;
            if (current.Credentials.Count == 0) continue;
            foreach (Credential credential in current.Credentials) Add(credential);
            if (held == 0) await onFirst();
            held = current.Task.Generation;
        }
    }

    /// <summary>Asks for an action, has the token checked, spends it, and tries again.</summary>
    public async Task ActAsync(string task)
    {
        Protocols.Tasks.Action action = new() { Type = "repo", Action_ = "read", Location = "https://repo.example/x", Audience = "api", Parameters = """{"branch":"main"}""", Reason = "to read it" };
        ActionDecision decision = await AskAsync(Identity, "AuthorizeAction", new AuthorizeActionRequest { TaskId = task, Action = action }, ActionDecision.Parser);
        Assert.Equal(ActionDecision.Types.Outcome.Permit, decision.Outcome);
        _book.AddToken("action token", Name, decision.ActionToken);
        Assert.True((await VerifyAsync(decision.ActionToken, consumes: true)).Valid);
        Assert.False((await VerifyAsync(decision.ActionToken, consumes: true)).Valid);
        ReportUseRequest use = new() { Token = decision.ActionToken, Audience = "api", Detail = "read a file" };
        Assert.False((await AskAsync(Verifier, "ReportUse", use, ReportUseResponse.Parser)).Accepted);
        action.Action_ = "write";
        decision = await AskAsync(Identity, "AuthorizeAction", new AuthorizeActionRequest { TaskId = task, Action = action }, ActionDecision.Parser);
        Assert.Equal(ActionDecision.Types.Outcome.Deny, decision.Outcome);
    }

    /// <summary>Declares another goal, and reads what happened to the task and what was revoked.</summary>
    public async Task LookAroundAsync(string task)
    {
        await AskAsync(Identity, "UpdateIntent", new UpdateIntentRequest { TaskId = task, Intent = new Intent { Goal = "a busy run, still" } }, TaskHandle.Parser);
        using ClientCall<WatchTaskRequest, TaskEvent> events = Stream(Identity, "WatchTask", new WatchTaskRequest { TaskId = task }, TaskEvent.Parser);
        Assert.True(await events.ResponseStream.MoveNext(default));
        using ClientCall<WatchRevocationsRequest, RevocationUpdate> revoked = Stream(Verifier, "WatchRevocations", new WatchRevocationsRequest(), RevocationUpdate.Parser);
        Assert.True(await revoked.ResponseStream.MoveNext(default));
        Assert.NotEmpty(revoked.ResponseStream.Current.Revocations);
    }

    public Task<TaskHandle> RenewAsync(string task) => AskAsync(Identity, "RenewTask", new RenewTaskRequest { TaskId = task }, TaskHandle.Parser);

    public Task<TaskHandle> SuspendAsync(string task) => AskAsync(Identity, "SuspendTask", new SuspendTaskRequest { TaskId = task, Reason = "a pause" }, TaskHandle.Parser);

    public Task<TaskHandle> ResumeAsync(string task) => AskAsync(Identity, "ResumeTask", new ResumeTaskRequest { TaskId = task }, TaskHandle.Parser);

    public Task<OffboardingReceipt> CompleteAsync(string task) => AskAsync(Identity, "CompleteTask", new CompleteTaskRequest { TaskId = task, Result = "done" }, OffboardingReceipt.Parser);

    public Task<TasksChanged> RevokeAsync(string task) => OperateAsync("RevokeTasks", new TaskSelection { TaskId = task, Reason = "an incident" }, TasksChanged.Parser);

    public Task<TasksChanged> KillAsync(string template) =>
        OperateAsync("ContainTasks", new ContainRequest { Selection = new TaskSelection { Template = template, Reason = "an incident" }, Means = ContainRequest.Types.Means.Kill }, TasksChanged.Parser);

    public void Dispose()
    {
        _workload.Dispose();
        _admin.Dispose();
    }

    private void Add(Credential credential)
    {
        string name = $"task's {credential.Kind}";
        if (credential.Kind != "x509") _book.AddToken(name, Name, credential.Content.ToStringUtf8());
        if (credential.PrivateKey.IsEmpty) return;
        if (credential.Kind == "wit") _book.AddJwk($"{name} key", Name, credential.PrivateKey.ToStringUtf8());
        else _book.AddKey($"{name} key", Name, credential.PrivateKey);
    }

    private Task<VerifyTaskResponse> VerifyAsync(string token, bool consumes) =>
        AskAsync(Verifier, "VerifyTask", new VerifyTaskRequest { Token = token, Audience = "api", Consume = consumes }, VerifyTaskResponse.Parser);

    private Task<TResponse> OperateAsync<TRequest, TResponse>(string name, TRequest request, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _admin.UnaryAsync(new Method<TRequest, TResponse>(MethodType.Unary, "spiffeagent.admin.v1.TaskAdmin", name, parser), request, new CallOptions(Timeout: RealDaemon.Patience));

    private Task<TResponse> AskAsync<TRequest, TResponse>(string service, string name, TRequest request, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _workload.UnaryAsync(new Method<TRequest, TResponse>(MethodType.Unary, service, name, parser), request, Options());

    private ClientCall<TRequest, TResponse> Stream<TRequest, TResponse>(string service, string name, TRequest request, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _workload.Call(new Method<TRequest, TResponse>(MethodType.ServerStreaming, service, name, parser), request, Options());

    private static CallOptions Options() => new(new Metadata { { "workload.spiffe.io", "true" } }, RealDaemon.Patience);
}
