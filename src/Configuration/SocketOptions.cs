namespace Spiffe.Agent.Configuration;

/// <summary>One Unix socket in the file system.</summary>
public sealed class SocketOptions
{
    /// <summary>Longest path, in bytes: <c>sun_path</c> of <c>unix(7)</c> holds 108 with its closing zero.</summary>
    public const int MaxPathBytes = 107;

    /// <summary>Absolute, at most <see cref="MaxPathBytes"/> bytes of UTF-8.</summary>
    public required string Path { get; init; }

    /// <summary>Permission bits of the socket file; connecting needs write.</summary>
    public required UnixFileMode Mode { get; init; }

    /// <summary>Name or number of the group that owns the file; the daemon's own when null.</summary>
    public string? Group { get; init; }
}
