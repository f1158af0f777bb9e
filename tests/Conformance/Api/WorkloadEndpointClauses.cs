using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Conformance.Api;

/// <summary>SPIFFE Workload Endpoint, clauses 1 to 16, against the real daemon. The trait is the clause.</summary>
public sealed class WorkloadEndpointClauses(ServedFixture served) : IClassFixture<ServedFixture>, IDisposable
{
    private const string Api = "SpiffeWorkloadAPI";

    private readonly WorkloadClient _client = new(served.Known.WorkloadSocket);

    public void Dispose() => _client.Dispose();

    [Fact]
    [Trait("clause", "4 Workload Endpoint §4")]
    public async Task A_call_with_the_header_is_answered() => Assert.Equal(StatusCode.OK, (await _client.StatusOf(Api, "FetchX509SVID", WorkloadClient.Header)).StatusCode);

    public static TheoryData<string[]> WrongHeaders => new()
    {
        Array.Empty<string>(),
        new[] { "True" },
        new[] { "TRUE" },
        new[] { "" },
        new[] { "1" },
        new[] { "false" },
        new[] { "true,true" },
        new[] { "true", "true" },
        new[] { "true", "false" },
    };

    [Theory]
    [MemberData(nameof(WrongHeaders))]
    [Trait("clause", "4, 10 Workload Endpoint §4, §6")]
    public async Task Without_exactly_one_true_every_method_is_refused_as_an_invalid_argument(string[] values)
    {
        Metadata headers = [];
        foreach (string value in values) headers.Add("workload.spiffe.io", value);
        foreach (string method in new[] { "FetchX509SVID", "FetchX509Bundles", "FetchJWTBundles", "FetchWITSVID", "FetchWITBundles" })
            Assert.Equal(StatusCode.InvalidArgument, (await _client.StatusOf(Api, method, headers)).StatusCode);
    }

    [Theory]
    [InlineData("grpc.health.v1.Health", "Watch")]
    [InlineData("grpc.reflection.v1.ServerReflection", "ServerReflectionInfo")]
    [Trait("clause", "4 Workload Endpoint §4")]
    public async Task The_header_is_asked_of_every_service_on_the_socket(string service, string method) =>
        Assert.Equal(StatusCode.InvalidArgument, (await _client.StatusOf(service, method, [])).StatusCode);

    [Theory]
    [InlineData(Api, "FetchNothing")]
    [InlineData("NoSuchService", "FetchX509SVID")]
    [InlineData("spiffeagent.admin.v1.Admin", "GetStatus")]
    [Trait("clause", "13 Workload Endpoint Appendix A")]
    public async Task What_is_not_served_is_unimplemented(string service, string method) =>
        Assert.Equal(StatusCode.Unimplemented, (await _client.StatusOf(service, method, WorkloadClient.Header)).StatusCode);

    [Theory]
    [InlineData("FetchX509SVID")]
    [InlineData("FetchX509Bundles")]
    [InlineData("FetchJWTBundles")]
    [Trait("clause", "12 Workload Endpoint §6; 25 Workload API §4.4")]
    public async Task A_caller_without_an_identity_is_denied(string method)
    {
        using WorkloadClient stranger = new(served.Stranger.WorkloadSocket);
        Status status = await stranger.StatusOf(Api, method, WorkloadClient.Header);
        Assert.Equal(StatusCode.PermissionDenied, status.StatusCode);
        Assert.Equal("no identity issued", status.Detail);
    }
}
