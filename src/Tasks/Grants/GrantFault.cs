namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Why a grant was refused.</summary>
/// <param name="Rule">What it broke.</param>
/// <param name="Path">Where, such as <c>$[2].constraints.max_uses</c>.</param>
/// <param name="Message">For people, without a full stop.</param>
public sealed record GrantFault(GrantRule Rule, string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
