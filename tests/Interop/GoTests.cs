using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop;

/// <summary>Debian's golang-google-grpc: the client that most of SPIFFE uses.</summary>
public sealed class GoTests(TestHost host, GoClient client) : IClassFixture<TestHost>, IClassFixture<GoClient>
{
    [RequiresToolTheory("go", GoClient.Library)]
    [ClassData(typeof(InteropCases))]
    public Task Go_client_passes(string testCase) => ForeignClient.RunAsync(host, testCase, client.Program);
}
