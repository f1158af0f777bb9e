namespace Spiffe.Agent.Registration;

/// <summary>The ways in which an entry reaches the daemon.</summary>
public enum EntryOriginKind
{
    /// <summary>A configuration file.</summary>
    File,

    /// <summary>The admin socket.</summary>
    Admin,

    /// <summary>The <c>--dev</c> switch.</summary>
    Development,
}
