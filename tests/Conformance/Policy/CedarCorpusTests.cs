using Spiffe.Agent.Tests.TestKit.Requirements;
using Xunit.Abstractions;

namespace Spiffe.Agent.Tests.Conformance.Policy;

/// <summary>The Cedar project's tests: every decision, every determining policy and every erroring policy is the reference's.</summary>
public sealed class CedarCorpusTests(ITestOutputHelper output)
{
    private const int MaxShown = 20;

    [CorpusFact]
    public void Every_request_of_the_Corpus_is_decided_as_by_the_reference() => RunAll("corpus", CedarSuite.CasesIn(CedarSuite.Corpus!));

    [SharedDataFact("cedar/LICENSE")]
    public void Every_request_of_the_cases_written_by_hand_is_decided_as_by_the_reference() =>
        RunAll("hand-written", CedarSuite.CasesIn(Path.Combine(CedarSuite.HandWritten!, "tests")));

    private void RunAll(string name, IReadOnlyList<string> cases)
    {
        int passed = 0, requests = 0;
        List<string> failures = [];
        foreach (string file in cases)
        {
            CaseResult result = new CedarCase(file).Run();
            requests += result.Checks;
            if (result.Failures.Count == 0) passed++;
            failures.AddRange(result.Failures.Select(failure => $"{Path.GetFileName(file)}: {failure}"));
        }

        string figures = $"{name}: {passed}/{cases.Count} cases passed, {requests} requests decided";
        output.WriteLine(figures);
        Console.WriteLine(figures);
        Assert.NotEmpty(cases);
        Assert.True(failures.Count == 0, $"{figures}\n{string.Join('\n', failures.Take(MaxShown))}");
    }
}
