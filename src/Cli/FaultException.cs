namespace Spiffe.Agent.Cli;

/// <summary>Ends a verb with a <see cref="Cli.Fault"/>; <see cref="CommandLine"/> prints it and returns its exit code.</summary>
public sealed class FaultException(Fault fault) : Exception(fault.ToString())
{
    public Fault Fault { get; } = fault;
}
