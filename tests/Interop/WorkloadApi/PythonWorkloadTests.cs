using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>examples/python against the real daemon, with python3-cryptography and Python's own TLS.</summary>
[Collection(DaemonCollection.Name)]
public sealed class PythonWorkloadTests(Daemons daemons) : IAsyncLifetime
{
    private static readonly string Messages = Repository.Path("artifacts", "interop", "python");

    private static readonly string Examples = Repository.Path("examples", "python");

    private static readonly WorkloadClient Client = Python(Repository.Path("tests", "Interop", "WorkloadApi", "Clients", "python", "client.py"), Examples);

    private static readonly WorkloadClient Example = Python(Path.Combine(Examples, "watch.py"));

    [WorkloadTheory(Language.Python)]
    [ClassData(typeof(WorkloadCases))]
    public Task Python_client_passes(string testCase) => Client.RunAsync(daemons, testCase);

    [WorkloadFact(Language.Python, AsAnotherUser = true)]
    public Task Python_client_of_another_user_gets_nothing() => Client.RunAsNobodyAsync(daemons);

    [WorkloadFact(Language.Python)]
    public Task Python_example_prints_its_identities() => Example.RunExampleAsync(daemons);

    public async Task InitializeAsync()
    {
        if (LanguageRequirement.Of(Language.Python) is null) await ForeignClient.RunAsync(new(Path.Combine(Examples, "generate"), [Messages]));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static WorkloadClient Python(params string[] arguments) =>
        new(PythonTheoryAttribute.Python, arguments, ("PYTHONPATH", Messages), ("PYTHONDONTWRITEBYTECODE", "1"));
}
