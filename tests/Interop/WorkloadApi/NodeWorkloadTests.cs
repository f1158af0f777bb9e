using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>examples/node against the real daemon, with Node's own crypto and TLS.</summary>
[Collection(DaemonCollection.Name)]
public sealed class NodeWorkloadTests(Daemons daemons)
{
    private static readonly string Examples = Repository.Path("examples", "node");

    private static readonly WorkloadClient Client = Node(Repository.Path("tests", "Interop", "WorkloadApi", "Clients", "node", "client.js"), Examples);

    private static readonly WorkloadClient Example = Node(Path.Combine(Examples, "watch.js"));

    [WorkloadTheory(Language.Node)]
    [ClassData(typeof(WorkloadCases))]
    public Task Node_client_passes(string testCase) => Client.RunAsync(daemons, testCase);

    [WorkloadFact(Language.Node, AsAnotherUser = true)]
    public Task Node_client_of_another_user_gets_nothing() => Client.RunAsNobodyAsync(daemons);

    [WorkloadFact(Language.Node)]
    public Task Node_example_prints_its_identities() => Example.RunExampleAsync(daemons);

    private static WorkloadClient Node(params string[] arguments) => new("node", arguments, ("NODE_PATH", NodeTheoryAttribute.Modules));
}
