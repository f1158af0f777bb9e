using System.CommandLine;
using Spiffe.Agent.Commands;

RootCommand root = new("SPIFFE workload attestation agent: short-lived identities for processes that the kernel vouches for.")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    DoctorCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
