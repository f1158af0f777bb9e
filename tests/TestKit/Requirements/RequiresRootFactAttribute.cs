using Xunit;

namespace Spiffe.Agent.Tests.TestKit.Requirements;

/// <summary>A fact that needs root, and perhaps programs. It skips, and says what is missing.</summary>
public sealed class RequiresRootFactAttribute : FactAttribute
{
    public RequiresRootFactAttribute(params string[] programs) => Skip = Requirement.All([Requirement.Root(), .. programs.Select(Requirement.Program)]);
}
