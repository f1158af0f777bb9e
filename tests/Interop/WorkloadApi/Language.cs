namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>In what the clients are written.</summary>
public enum Language
{
    Python,
    Node,
    Go,
}
