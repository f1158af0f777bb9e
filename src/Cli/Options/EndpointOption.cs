using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Options;

/// <summary>Where an endpoint is: the flag, else the environment variable, else the place where a package puts it.</summary>
/// <param name="Purpose">What the endpoint is called in faults.</param>
/// <param name="Flag">The option that comes first.</param>
/// <param name="Variable">The environment variable that comes second; empty counts as unset.</param>
/// <param name="Default">What is left.</param>
internal sealed record EndpointOption(string Purpose, string Flag, string Variable, string Default)
{
    /// <summary>The Workload API (Workload Endpoint §4 names the variable).</summary>
    public static EndpointOption Workload { get; } = new("workload socket", "--socket", "SPIFFE_ENDPOINT_SOCKET", "unix:///run/spiffe/workload.sock");

    /// <summary>The daemon's own admin API.</summary>
    public static EndpointOption Admin { get; } = new("admin socket", "--admin-socket", "SPIFFE_AGENT_ADMIN_SOCKET", "unix:///run/spiffe-agent/admin.sock");

    public Option<string?> CreateOption() => new(Flag)
    {
        Description = $"Where the {Purpose} is; else ${Variable}, else {Default}",
        HelpName = "URI",
    };

    /// <summary>Settles the address.</summary>
    /// <exception cref="FaultException">It cannot be read; the fault names where it came from. Usage.</exception>
    public EndpointAddress Resolve(string? flagged, Terminal terminal)
    {
        (string source, string text) = flagged is not null ? (Flag, flagged)
            : terminal.Environment(Variable) is { Length: > 0 } variable ? ($"${Variable}", variable)
            : ("default", Default);
        return EndpointAddress.TryParse(text, this, out EndpointAddress? address, out string? fault)
            ? address
            : throw new FaultException(new Fault(ExitCodes.Usage, source, text, fault));
    }
}
