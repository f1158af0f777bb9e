namespace Spiffe.Agent.Tests.E2E.Docker;

/// <summary>Tests that share one host with Docker's daemon, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class DockerCollection : ICollectionFixture<DockerHost>
{
    internal const string Name = "docker";
}
