using Spiffe.Agent.Issuance.Admission;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>A daemon without templates: nobody does a task.</summary>
internal sealed class NoTasks : ITaskIdentities
{
    public TaskIdentities Of(Caller caller) => TaskIdentities.None;
}
