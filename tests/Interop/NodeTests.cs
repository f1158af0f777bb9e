using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop;

/// <summary>@grpc/grpc-js: a client of its own on Node's HTTP/2.</summary>
public sealed class NodeTests(TestHost host) : IClassFixture<TestHost>
{
    [NodeTheory]
    [ClassData(typeof(InteropCases))]
    public Task Node_client_passes(string testCase) =>
        ForeignClient.RunAsync(host, testCase, "node", Repository.Path("tests", "Interop", "Clients", "node", "client.js"), NodeTheoryAttribute.Modules);
}
