using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>Takes hold of what a task hangs on, the way its template says.</summary>
internal sealed class TaskBinder(WorkloadAttestor attestor, PeerProcess caller, TaskTemplate template, int childProcessId, AttestationResult.Attested attested)
{
    /// <summary>Holds the caller, or its child, and what is around it. Nothing is left held when it is refused.</summary>
    public bool TryBind([NotNullWhen(true)] out TaskBinding? binding, out string fault)
    {
        binding = null;
        bool isChild = childProcessId != 0;
        ProcessHold? process = isChild ? ProcessHold.TryHoldChild(caller, childProcessId, out PeerRefusal refusal) : ProcessHold.TryHold(caller, out refusal);
        fault = process is null ? $"process {(isChild ? childProcessId : caller.ProcessId)}: {refusal}" : "";
        if (process is null) return false;

        CgroupHold? cgroup = null;
        InvocationKey? run = null;
        if (template.Binding != BindingKind.Process && !TryHoldAround(process.Peer, out cgroup, out run, out fault))
        {
            process.Dispose();
            return false;
        }

        bool covers = template.Inherit == Inheritance.Cgroup && cgroup is not null;
        ProcessPin? pin = isChild || covers ? null : ProcessPin.Take(process.Peer, out refusal);
        if (pin is null && !isChild && !covers)
        {
            fault = $"process {caller.ProcessId}: {refusal}";
            process.Dispose();
            cgroup?.Dispose();
            return false;
        }

        binding = new TaskBinding(process, cgroup, covers, run, pin);
        return true;
    }

    private bool TryHoldAround(PeerProcess process, out CgroupHold? cgroup, out InvocationKey? run, out string fault)
    {
        CgroupReading reading = attestor.ReadCgroup(process);
        (CgroupScope scope, run) = template.Binding switch
        {
            BindingKind.Systemd => (CgroupScope.Unit, InvocationKey.OfUnit(attested.Selectors)),
            BindingKind.Container => (CgroupScope.Container, InvocationKey.OfContainer(reading)),
            _ => (CgroupScope.Own, null),
        };
        cgroup = null;
        fault = template.Binding != BindingKind.Cgroup && run is null ? $"process {process.ProcessId} runs in no {(template.Binding == BindingKind.Systemd ? "unit" : "container")} that the kernel vouches for" : "";
        if (fault.Length > 0) return false;
        cgroup = CgroupHold.TryHold(reading, scope, out CgroupHoldFault held);
        fault = cgroup is null ? $"cgroup of process {process.ProcessId}: {held}" : "";
        if (cgroup is not null) run ??= InvocationKey.OfCgroup(cgroup);
        return cgroup is not null;
    }
}
