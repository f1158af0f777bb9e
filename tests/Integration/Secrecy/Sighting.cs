namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>A secret, seen on its way out of a process.</summary>
/// <param name="Secret">What was seen.</param>
/// <param name="Process">Who let it out.</param>
/// <param name="Place">Where it went: what the descriptor leads to, or the call that had it among its arguments.</param>
internal sealed record Sighting(Secret Secret, int Process, string Place);
