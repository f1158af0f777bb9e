namespace Spiffe.Agent.Hardening;

/// <summary>One thing that keeps key material inside the process, and whether it holds here.</summary>
internal sealed record Protection(string Name, bool Holds, string Detail);
