using Spiffe.Agent.Issuance.Admission;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Says which tasks a caller does now, for the answers that every SPIFFE client understands.</summary>
internal interface ITaskIdentities
{
    /// <summary>Of a process that does no task <see cref="TaskIdentities.None"/>, at the cost of a look into a table.</summary>
    TaskIdentities Of(Caller caller);
}
