using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop.Audit;

/// <summary>Debian's Python with its cryptography.</summary>
internal static class PythonCryptography
{
    public static string Verifier { get; } = Repository.Path("tests", "Interop", "Clients", "python", "tlog.py");

    public static string? Missing =>
        Requirement.Command("python3-cryptography is not installed: eng/install-test-packages", PythonTheoryAttribute.Python, "-c", "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey");
}
