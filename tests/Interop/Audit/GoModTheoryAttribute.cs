namespace Spiffe.Agent.Tests.Interop.Audit;

/// <summary>Needs Go and Debian's golang.org/x/mod.</summary>
public sealed class GoModTheoryAttribute : TheoryAttribute
{
    public GoModTheoryAttribute() => Skip = GoVerifier.Missing;
}
