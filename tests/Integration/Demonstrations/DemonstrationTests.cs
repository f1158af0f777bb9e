using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Demonstrations;

/// <summary>The demonstrations of <c>examples/tasks</c> with the real daemon and real processes.</summary>
public sealed class DemonstrationTests
{
    [RequiresToolFact("bash", "python3")]
    public Task Code_review_agent_reads_one_repository_and_comments_once() => Demonstration.HoldsAsync("code-review");

    [RequiresToolFact("bash", "python3")]
    public Task Support_agent_ends_with_its_ticket_and_no_other_does() => Demonstration.HoldsAsync("support-ticket");

    [RequiresToolFact("bash", "python3", "openssl")]
    public Task Ci_jobs_run_on_behalf_of_a_verified_subject_and_end_with_their_stage() => Demonstration.HoldsAsync("ci-stage");

    [RequiresToolFact("bash", "python3")]
    public Task Subagents_have_less_than_their_parent_and_end_with_it() => Demonstration.HoldsAsync("multi-agent");

    [RequiresToolFact("bash", "python3")]
    public Task One_call_is_one_call() => Demonstration.HoldsAsync("one-call");

    [RequiresToolFact("bash", "python3", "curl")]
    public Task Third_party_script_is_held_to_one_sequence_of_calls() => Demonstration.HoldsAsync("third-party");
}
