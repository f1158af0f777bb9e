using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Docker;

/// <summary>Containers that know nothing of tasks: each run of one is a task.</summary>
[Collection(DockerCollection.Name)]
public sealed class TaskContainerTests(DockerHost docker) : IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null) return;
        await docker.ConfigureAsync("/run/task-agent", """
            templates:
              - { name: boxed, owner: data, start: [ "unix:uid:1236", "docker:label:job:boxed" ], automatic: true, binding: container, inherit: cgroup, on_exit: by_status, default_identity: true }
            """);
        await docker.StartOnHostAsync("/run/task-agent");
    }

    public async Task DisposeAsync()
    {
        if (new DockerFactAttribute().Skip is null) await docker.StopOnHostAsync();
    }

    [DockerFact]
    public async Task Container_is_a_task_that_ends_with_it_and_the_next_one_is_another()
    {
        string first = (await RunAsync()).Text, second = (await RunAsync()).Text;

        Assert.StartsWith("spiffe://example.org/agent/boxed/task/", first, StringComparison.Ordinal);
        Assert.StartsWith("spiffe://example.org/agent/boxed/task/", second, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        await docker.UntilAsync("[ \"$(/run/bin/spiffe-agent task list --template boxed --output json | grep -c '\"task_id\"')\" = 0 ]", "/run/bin/spiffe-agent task list --ended; tail /run/agent.log");
        CommandResult ended = await docker.ShellAsync("/run/bin/spiffe-agent task list --ended --template boxed --output json");
        Assert.All([first, second], id => Assert.Contains(id, ended.Text, StringComparison.Ordinal));
    }

    private Task<CommandResult> RunAsync() => docker.ShellAsync(
        "docker run --rm --network none --label job=boxed --user 1236 -v /run/spiffe:/run/spiffe:ro spiffe-agent fetch x509 | grep -o '^spiffe://[^ ]*/task/[^ ]*'");
}
