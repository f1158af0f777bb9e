namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>A fact that needs strace, root's. It skips, and says what is missing.</summary>
public sealed class TracedFactAttribute : FactAttribute
{
    public TracedFactAttribute(params string[] programs) => Skip = TracedProgram.Missing(programs);
}
