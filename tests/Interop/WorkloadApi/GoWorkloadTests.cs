namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>examples/go against the real daemon, with crypto/x509 and crypto/tls.</summary>
[Collection(DaemonCollection.Name)]
public sealed class GoWorkloadTests(Daemons daemons, GoWorkloadPrograms programs) : IClassFixture<GoWorkloadPrograms>
{
    [WorkloadTheory(Language.Go)]
    [ClassData(typeof(WorkloadCases))]
    public Task Go_client_passes(string testCase) => programs.Client.RunAsync(daemons, testCase);

    [WorkloadFact(Language.Go, AsAnotherUser = true)]
    public Task Go_client_of_another_user_gets_nothing() => programs.Client.RunAsNobodyAsync(daemons);

    [WorkloadFact(Language.Go)]
    public Task Go_example_prints_its_identities() => programs.Example.RunExampleAsync(daemons);
}
