namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Something that was asked for and not granted.</summary>
/// <param name="Detail">Of which detail, as it stood before the ceiling that took it.</param>
/// <param name="Member">Which part of it; null: all of it.</param>
/// <param name="Reason">What is gone and why, for people, without a full stop.</param>
public sealed record DroppedGrant(AuthorizationDetail Detail, DetailMember? Member, string Reason);
