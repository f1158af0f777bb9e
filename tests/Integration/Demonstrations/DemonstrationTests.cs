using Spiffe.Agent.Tests.TestKit.Requirements;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

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

    [DatabaseFact]
    public Task Database_takes_a_tasks_certificate_until_it_ends_or_expires() => Demonstration.HoldsAsync("database");

    [IncidentFact]
    public Task Cloud_operations_agent_needs_a_persons_word_and_is_contained_by_one_command() => Demonstration.HoldsAsync("incident");

    private sealed class DatabaseFactAttribute : FactAttribute
    {
        public DatabaseFactAttribute() => Skip = Requirement.All(Requirement.Program("bash"), Requirement.Program("python3"), Requirement.Program("setpriv"), Requirement.Program("psql"),
            Requirement.Command("postgresql is not installed", "bash", "-c", "compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb"));
    }

    private sealed class IncidentFactAttribute : FactAttribute
    {
        public IncidentFactAttribute() => Skip = Requirement.All(Requirement.Root(), Requirement.Program("/usr/bin/python3"), Requirement.Program("setpriv"),
            Requirement.Command("needs a build that another user can run", "setpriv", "--reuid=65534", "--clear-groups", RealDaemon.Executable, "--version"),
            Requirement.Command("needs sources that another user can read", "setpriv", "--reuid=65534", "--clear-groups", "test", "-r", Path.Combine(Demonstration.Folder, "README.md")));
    }
}
