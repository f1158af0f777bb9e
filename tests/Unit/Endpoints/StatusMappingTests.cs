using Spiffe.Agent.Endpoints;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Endpoints;

public sealed class StatusMappingTests
{
    [Fact]
    public void Every_refusal_about_tasks_has_a_sentence_of_its_own()
    {
        TaskRefusal[] refusals = [.. Enum.GetValues<TaskRefusal>().Where(refusal => refusal is not (TaskRefusal.None or TaskRefusal.Caller))];
        Assert.All(refusals, refusal => Assert.NotEqual(StatusCode.Internal, StatusMapping.ToStatus(refusal).StatusCode));
        Assert.Equal(refusals.Length, refusals.Select(refusal => StatusMapping.ToStatus(refusal).Detail).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_refused_caller_hears_what_every_caller_hears()
    {
        RpcException refused = StatusMapping.ToException(new TaskAnswer(null, TaskRefusal.Caller, "", Refusal.RateLimited));
        Assert.Equal(StatusMapping.ToStatus(Refusal.RateLimited), refused.Status);
    }

    [Fact]
    public void A_detail_stands_behind_the_fixed_sentence() =>
        Assert.Equal("the request breaks a rule: lease: must be positive", StatusMapping.ToException(new TaskAnswer(null, TaskRefusal.Malformed, "lease: must be positive", Refusal.None)).Status.Detail);

    [Theory]
    [InlineData(TaskRefusal.NotYours, StatusCode.NotFound)] // 'task run' takes it for: begin a task without a parent.
    [InlineData(TaskRefusal.Ended, StatusCode.PermissionDenied)] // Ends FetchTaskCredentials.
    public void What_clients_depend_on_is_fixed(TaskRefusal refusal, StatusCode code) => Assert.Equal(code, StatusMapping.ToStatus(refusal).StatusCode);
}
