namespace Spiffe.Agent.Tests.E2E.Podman;

/// <summary>Tests that share one machine with Podman, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class PodmanCollection : ICollectionFixture<PodmanMachine>
{
    internal const string Name = "podman";
}
