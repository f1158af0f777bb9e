namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>A theory that needs strace, root's. It skips, and says what is missing.</summary>
public sealed class TracedTheoryAttribute : TheoryAttribute
{
    public TracedTheoryAttribute(params string[] programs) => Skip = TracedProgram.Missing(programs);
}
