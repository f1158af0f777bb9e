namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Why a detail does not allow an action.</summary>
/// <param name="Index">Which detail.</param>
/// <param name="Member">Its first member that does not.</param>
/// <param name="Reason">For people, without a full stop.</param>
public sealed record GrantMiss(int Index, DetailMember Member, string Reason);
