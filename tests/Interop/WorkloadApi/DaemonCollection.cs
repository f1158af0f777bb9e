namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>One set of daemons for the clients of all languages.</summary>
[CollectionDefinition(Name)]
public sealed class DaemonCollection : ICollectionFixture<Daemons>
{
    public const string Name = "daemons";
}
