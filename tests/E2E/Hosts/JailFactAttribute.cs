using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.E2E.Hosts;

/// <summary>A fact that needs a jail of <c>tests/E2E/harness</c> and perhaps programs in it. It skips, and says what is missing.</summary>
public sealed class JailFactAttribute : FactAttribute
{
    public JailFactAttribute(params string[] programs) => Skip = Missing(programs);

    /// <summary>Null, or why such a test skips. Fixtures ask too, since a runner makes them even when all their tests skip.</summary>
    internal static string? Missing(params string[] programs) =>
        Requirement.All([Requirement.Root(), .. programs.Select(Program)])
        ?? Requirement.Command("needs a cgroup2 and namespaces that root may use", Repository.Harness("jail"), "true");

    // The harness looks where Debian puts programs of the administrator, whatever PATH the tests were started with.
    private static string? Program(string name) => Requirement.Program($"/usr/sbin/{name}") is null || Requirement.Program($"/usr/bin/{name}") is null
        ? null
        : $"{name} is not installed (eng/install-test-packages does it, as root on Debian)";
}
