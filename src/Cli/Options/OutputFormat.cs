namespace Spiffe.Agent.Cli.Options;

/// <summary>How a verb prints its answer.</summary>
internal enum OutputFormat
{
    /// <summary>The default. For people. May change from release to release.</summary>
    Text,

    /// <summary>For programs. Stable: docs/cli.md.</summary>
    Json,

    /// <summary>Certificates and, for X.509-SVIDs, their keys.</summary>
    Pem,
}
