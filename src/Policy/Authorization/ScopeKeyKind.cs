namespace Spiffe.Agent.Policy.Authorization;

/// <summary>What a <see cref="ScopeKey"/> demands.</summary>
internal enum ScopeKeyKind : byte
{
    Equal,
    Within,
    Type,
}
