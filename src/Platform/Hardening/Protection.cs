namespace Spiffe.Agent.Platform.Hardening;

/// <summary>One thing that keeps key material inside the process, and whether it holds here.</summary>
public sealed record Protection(string Name, bool Holds, string Detail);
