using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Which details answer a question, or why none does.</summary>
/// <param name="Granting">Indexes of the details that allow it, ascending; none: it is not granted. Uses, steps and ends are the ledger's (<see cref="UseLedger"/>).</param>
/// <param name="ClosestMiss">Where nothing allows it: the detail that came closest; null where there are no details.</param>
public sealed record GrantFinding(ImmutableArray<int> Granting, GrantMiss? ClosestMiss)
{
    public bool IsGranted => !Granting.IsEmpty;
}
