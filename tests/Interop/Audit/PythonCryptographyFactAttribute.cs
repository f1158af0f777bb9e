namespace Spiffe.Agent.Tests.Interop.Audit;

/// <summary>Needs Debian's Python with its cryptography.</summary>
public sealed class PythonCryptographyFactAttribute : FactAttribute
{
    public PythonCryptographyFactAttribute() => Skip = PythonCryptography.Missing;
}
