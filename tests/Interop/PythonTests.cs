using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop;

/// <summary>Debian's python3-grpcio: gRPC's C core.</summary>
public sealed class PythonTests(TestHost host) : IClassFixture<TestHost>
{
    [PythonTheory]
    [ClassData(typeof(InteropCases))]
    public Task Python_client_passes(string testCase) =>
        ForeignClient.RunAsync(host, testCase, PythonTheoryAttribute.Python, Repository.Path("tests", "Interop", "Clients", "python", "client.py"));
}
