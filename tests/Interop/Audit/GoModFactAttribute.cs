namespace Spiffe.Agent.Tests.Interop.Audit;

/// <summary>Needs Go and Debian's golang.org/x/mod.</summary>
public sealed class GoModFactAttribute : FactAttribute
{
    public GoModFactAttribute() => Skip = GoVerifier.Missing;
}
