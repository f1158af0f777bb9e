using Xunit;

namespace Spiffe.Agent.Tests.TestKit.Requirements;

/// <summary>A theory that needs programs: each in PATH or at an absolute path. It skips, and says which is missing.</summary>
public sealed class RequiresToolTheoryAttribute : TheoryAttribute
{
    public RequiresToolTheoryAttribute(params string[] programs) => Skip = Requirement.All([.. programs.Select(Requirement.Program)]);
}
