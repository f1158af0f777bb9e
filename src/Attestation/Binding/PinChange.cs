namespace Spiffe.Agent.Attestation.Binding;

/// <summary>In what a process is no longer what it was when it was bound.</summary>
[Flags]
public enum PinChange
{
    /// <summary>In nothing.</summary>
    None = 0,

    /// <summary>It has exited, or is not the one that was bound at all. Said alone: nothing else can be said of it.</summary>
    Exited = 1,

    /// <summary>It runs another file, or the same one anew, or what it runs can no longer be seen.</summary>
    Executable = 2,

    /// <summary>Its effective user or group id is another.</summary>
    Credentials = 4,

    /// <summary>It is in another cgroup, in whichever hierarchy.</summary>
    Cgroup = 8,
}
