namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>A credential that a task holds, by its number.</summary>
public sealed record CredentialView(string Kind, string Id, DateTimeOffset ExpiresAt, int Generation);
