using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop;

/// <summary>Needs Node and the package that eng/install-test-packages puts into artifacts/.</summary>
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() =>
        Skip = Requirement.All(
            Requirement.Program("node"),
            Directory.Exists(Path.Combine(Modules, "@grpc", "grpc-js")) ? null : "@grpc/grpc-js is not installed: eng/install-test-packages");

    /// <summary>Where the packages lie.</summary>
    public static string Modules => Repository.Path("artifacts", "interop", "node", "node_modules");
}
