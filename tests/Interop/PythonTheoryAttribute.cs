using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop;

/// <summary>Needs Debian's Python with its gRPC and protobuf; any other Python in PATH does not have them.</summary>
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public const string Python = "/usr/bin/python3";

    public PythonTheoryAttribute() =>
        Skip = Requirement.Command("python3-grpcio and python3-protobuf are not installed: eng/install-test-packages", Python, "-c", "import grpc, google.protobuf");
}
