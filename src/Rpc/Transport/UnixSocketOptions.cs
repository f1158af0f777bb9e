namespace Spiffe.Agent.Rpc.Transport;

/// <summary>A socket to make.</summary>
public sealed class UnixSocketOptions
{
    /// <summary>Longest path of a socket, in bytes: sun_path of unix(7) is 108 with its closing zero. Clients could not connect to a longer one.</summary>
    public const int MaxPathLength = 107;

    /// <summary>Absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>Permission bits of the socket. Default 0600. Connecting needs write permission.</summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Group that owns the socket; null leaves it to the process's own.</summary>
    public uint? GroupId { get; init; }

    /// <summary>Permission bits of the parent directory if it has to be made. Default 0755; an existing directory is left as it is.</summary>
    public UnixFileMode DirectoryMode { get; init; } =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Connections that the kernel holds until they are accepted. Default 1024; the kernel lowers it to net.core.somaxconn.</summary>
    public int Backlog { get; init; } = 1024;
}
