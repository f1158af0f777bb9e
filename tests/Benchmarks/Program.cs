using Spiffe.Agent.Tests.Benchmarks.Attesting;
using Spiffe.Agent.Tests.Benchmarks.Auditing;
using Spiffe.Agent.Tests.Benchmarks.Daemon;
using Spiffe.Agent.Tests.Benchmarks.Floors;
using Spiffe.Agent.Tests.Benchmarks.Minting;
using Spiffe.Agent.Tests.Benchmarks.Policy;
using Spiffe.Agent.Tests.Benchmarks.Residue;
using Spiffe.Agent.Tests.Benchmarks.Tasks;

// eng/bench runs all of it. By hand: Benchmarks [minting] [validation] [attestation] [cgroups] [bindings] [kubelet] [engines] [hostile] [policy] [tasks] [audit] [audit-verify] [audit-replay] [residue] [audit-verb=FILE] [daemon=FILE]; without a section, all that need no file.
if (args is ["floor", string directory])
{
    await FloorServer.RunAsync(directory); // The other process of the section "daemon".
    return;
}

string? daemon = args.FirstOrDefault(a => a.StartsWith("daemon=", StringComparison.Ordinal))?["daemon=".Length..];
(string Name, Action Run)[] sections =
[
    ("minting", MintingSection.Run), ("validation", ValidationSection.Run), ("attestation", AttestationSection.Run),
    ("cgroups", CgroupSection.Run), ("bindings", BindingSection.Run), ("kubelet", KubeletSection.Run), ("engines", EngineSection.Run), ("hostile", HostileSection.Run),
    ("policy", PolicySection.Run), ("tasks", TaskSection.Run), ("audit", AuditSection.Run), ("audit-verify", VerifySection.Run), ("audit-replay", ReplaySection.Run), ("residue", ResidueSection.Run),
];
foreach ((string name, Action run) in sections)
{
    if (args.Length > 0 && !args.Contains(name, StringComparer.Ordinal)) continue;
    Console.WriteLine($"== {name}");
    run();
}

if (args.FirstOrDefault(a => a.StartsWith("audit-verb=", StringComparison.Ordinal))?["audit-verb=".Length..] is { } program)
{
    Console.WriteLine("== audit-verb");
    VerbSection.Run(program);
}

if (daemon is null) return;
Console.WriteLine($"== {daemon}");
DaemonSection.Run(daemon);
