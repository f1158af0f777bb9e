namespace Spiffe.Agent.Registration;

/// <summary>The ways in which an entry reaches the daemon.</summary>
public enum EntryOriginKind
{
    /// <summary>A configuration file.</summary>
    File,

    /// <summary>The admin socket.</summary>
    Admin,

    /// <summary>A template of standing access.</summary>
    Template,

    /// <summary>The <c>--dev</c> switch.</summary>
    Development,
}
