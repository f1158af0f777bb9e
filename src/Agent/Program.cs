using System.CommandLine;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Cli.Tasks.Run;
using Spiffe.Agent.Commands;
using Spiffe.Agent.Platform.Hardening;

if (HeldProgram.IsAsked(args))
{
    DiagnosticsPort.Close(); // An exec leaves behind in the temporary directory what an end would clear away.
    return HeldProgram.Run(args);
}

RootCommand root = new("SPIFFE workload attestation agent: short-lived identities for processes that the kernel vouches for.")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    DoctorCommand.Create(),
};
foreach (Command verb in ClientCommands.All()) root.Subcommands.Add(verb);
return await CommandLine.RunAsync(root, args);
