using System.CommandLine;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Commands;

RootCommand root = new("SPIFFE workload attestation agent: short-lived identities for processes that the kernel vouches for.")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    DoctorCommand.Create(),
};
foreach (Command verb in ClientCommands.All()) root.Subcommands.Add(verb);
return await CommandLine.RunAsync(root, args);
