using Xunit;

namespace Spiffe.Agent.Tests.TestKit.Requirements;

/// <summary>A theory that needs root, and perhaps programs. It skips, and says what is missing.</summary>
public sealed class RequiresRootTheoryAttribute : TheoryAttribute
{
    public RequiresRootTheoryAttribute(params string[] programs) => Skip = Requirement.All([Requirement.Root(), .. programs.Select(Requirement.Program)]);
}
