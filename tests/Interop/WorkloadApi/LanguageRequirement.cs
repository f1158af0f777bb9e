using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>What the client of a language needs of the machine.</summary>
internal static class LanguageRequirement
{
    /// <summary>Null when it is there, else the reason to skip.</summary>
    public static string? Of(Language language) => language switch
    {
        Language.Python => Requirement.All(
            new PythonTheoryAttribute().Skip,
            Requirement.Command("python3-cryptography is not installed: eng/install-test-packages", PythonTheoryAttribute.Python, "-c", "import cryptography.x509"),
            Requirement.Program("protoc")),
        Language.Node => new NodeTheoryAttribute().Skip,
        _ => Requirement.All(Requirement.Program("go"), Requirement.Program(GoClient.Library), Requirement.Program("protoc"), Requirement.Program("protoc-gen-go")),
    };
}
