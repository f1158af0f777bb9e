using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Options;

/// <summary>The options that every verb on the workload socket has, and what they say once parsed.</summary>
internal sealed class WorkloadOptions
{
    private readonly Option<string?> _socket = EndpointOption.Workload.CreateOption();
    private readonly Option<TimeSpan?> _timeout = TimeoutOption.Create();
    private readonly Option<OutputFormat> _output;

    private WorkloadOptions(Command command, Option<OutputFormat> output)
    {
        _output = output;
        command.Add(_socket);
        command.Add(_timeout);
        command.Add(_output);
    }

    public static WorkloadOptions AddTo(Command command, Option<OutputFormat> output) => new(command, output);

    public OutputFormat Output(ParseResult parsed) => parsed.GetValue(_output);

    /// <exception cref="FaultException">The address cannot be read.</exception>
    public Endpoint Endpoint(ParseResult parsed, Terminal terminal) =>
        new(EndpointOption.Workload.Resolve(parsed.GetValue(_socket), terminal), parsed.GetValue(_timeout) ?? TimeoutOption.Default, terminal);
}
