namespace Spiffe.Agent.Tests.Interop.Audit;

/// <summary>Needs Debian's Python with its cryptography.</summary>
public sealed class PythonCryptographyTheoryAttribute : TheoryAttribute
{
    public PythonCryptographyTheoryAttribute() => Skip = PythonCryptography.Missing;
}
