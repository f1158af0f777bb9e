namespace Spiffe.Agent.Configuration;

/// <summary><c>attestors</c>: how evidence about callers is taken.</summary>
public sealed class AttestorsOptions
{
    /// <summary><c>attestors.unix</c>.</summary>
    public required UnixAttestorOptions Unix { get; init; }
}
