using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;

namespace Spiffe.Agent.Tests.Unit.Issuance;

public sealed class ExplanationTests
{
    [Fact]
    public async Task What_hangs_on_an_attestor_that_failed_is_undecided_and_so_is_the_call()
    {
        FakeService docker = new("docker") { IsDown = true };
        using IssuanceBench bench = new([docker], IssuanceBench.Mine("/web"), IssuanceBench.For($"unix:uid:{IssuanceBench.UserId} docker:label:a:b docker:label:c:d", "/db"), IssuanceBench.For("unix:uid:4242424 docker:label:a:b", "/far"));

        Explanation explanation = await bench.Service.ExplainAsync(Environment.ProcessId, CancellationToken.None);

        Assert.Equal("docker", Assert.Single(explanation.Failed));
        Assert.EndsWith("/db", Assert.Single(explanation.Undecided).Id, StringComparison.Ordinal);
        Assert.Equal(2, explanation.Undecided[0].Missing.Length);
        Assert.EndsWith("/web", Assert.Single(explanation.Matched).Id, StringComparison.Ordinal);
        Assert.Contains(explanation.Refused, r => r is { Attestor: "docker", Code: "AttestorFailed", Reason: "it could not be asked: connection refused" });
        Admitted admitted = await bench.Service.AdmitAsync(bench.Self, CancellationToken.None);
        Assert.Equal(Refusal.EvidenceUnavailable, admitted.Refusal);
    }

    [Fact]
    public async Task An_attestor_that_answers_leaves_nothing_undecided()
    {
        FakeService docker = new("docker") { Says = ["label:a:b"] };
        using IssuanceBench bench = new([docker], IssuanceBench.For("docker:label:a:b", "/db"), IssuanceBench.For("docker:label:a:b docker:label:c:d", "/near"));

        Explanation explanation = await bench.Service.ExplainAsync(Environment.ProcessId, CancellationToken.None);

        Assert.Empty(explanation.Undecided);
        Assert.EndsWith("/db", Assert.Single(explanation.Matched).Id, StringComparison.Ordinal);
        Assert.EndsWith("/near", Assert.Single(explanation.Nearly).Id, StringComparison.Ordinal);
        Assert.Equal((IssuanceBench.UserId, IssuanceBench.GroupId), (explanation.Process!.UserId, explanation.Process.GroupId));
    }
}
