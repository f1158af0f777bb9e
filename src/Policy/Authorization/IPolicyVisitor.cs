namespace Spiffe.Agent.Policy.Authorization;

/// <summary>Takes the policies that an index finds.</summary>
internal interface IPolicyVisitor
{
    void Visit(CompiledPolicy[] policies);
}
