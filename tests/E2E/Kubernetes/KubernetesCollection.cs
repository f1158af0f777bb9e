namespace Spiffe.Agent.Tests.E2E.Kubernetes;

/// <summary>Tests that share one Kubernetes node, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class KubernetesCollection : ICollectionFixture<KubernetesNode>
{
    internal const string Name = "kubernetes";
}
