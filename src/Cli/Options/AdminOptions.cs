using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Options;

/// <summary>The options that every verb on the admin socket has, and what they say once parsed.</summary>
internal sealed class AdminOptions
{
    private readonly Option<string?> _socket = EndpointOption.Admin.CreateOption();
    private readonly Option<TimeSpan?> _timeout = TimeoutOption.Create();
    private readonly Option<OutputFormat> _output = OutputOption.TextOrJson();

    private AdminOptions(Command command)
    {
        command.Add(_socket);
        command.Add(_timeout);
        command.Add(_output);
    }

    public static AdminOptions AddTo(Command command) => new(command);

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_output) == OutputFormat.Json;

    /// <exception cref="FaultException">The address cannot be read.</exception>
    public Endpoint Endpoint(ParseResult parsed, Terminal terminal) =>
        new(EndpointOption.Admin.Resolve(parsed.GetValue(_socket), terminal), parsed.GetValue(_timeout) ?? TimeoutOption.Default, terminal);
}
