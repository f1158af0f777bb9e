using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks.Connection;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Cli.Tasks.Own;

/// <summary>What the verbs have in common that a process asks of its own task, on the workload socket.</summary>
internal sealed class OwnTask
{
    private readonly Option<string?> _id = new("--task") { Description = "The task's id; needed only where this process has several", HelpName = "ID" };
    private readonly WorkloadOptions _options;

    private OwnTask(Command command)
    {
        _options = WorkloadOptions.AddTo(command, OutputOption.TextOrJson());
        command.Add(_id);
    }

    public static OwnTask AddTo(Command command) => new(command);

    public string Id(ParseResult parsed) => parsed.GetValue(_id) ?? "";

    public bool IsJson(ParseResult parsed) => _options.Output(parsed) == OutputFormat.Json;

    public Endpoint Endpoint(ParseResult parsed, Terminal terminal) => _options.Endpoint(parsed, terminal);

    /// <summary>Asks once, and says what helps when the agent refuses.</summary>
    /// <exception cref="FaultException">Every status but OK, and no answer in time.</exception>
    public async Task<T> AskAsync<T>(ParseResult parsed, Func<TaskClient, CancellationToken, Task<T>> ask, Terminal terminal, CancellationToken cancellationToken)
    {
        Endpoint endpoint = Endpoint(parsed, terminal);
        using TaskClient client = new(endpoint.Address);
        return await endpoint.AskAsync(token => ask(client, token), Remedy, cancellationToken);
    }

    /// <summary>A task belongs to what it is bound to: a child of that process is somebody else, unless the template says otherwise.</summary>
    public static string? Remedy(StatusCode code) => code switch
    {
        StatusCode.NotFound or StatusCode.PermissionDenied => "only what the task is bound to may ask: the process itself, or with 'inherit: cgroup' in its template every process of its cgroup",
        StatusCode.FailedPrecondition => "see 'spiffe-agent task list' for its state",
        StatusCode.Unimplemented => "is that agent new enough, and does its configuration have templates?",
        _ => null,
    };
}
