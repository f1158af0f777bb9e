namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Why a socket could not be made. The daemon exits with 73 (cannot create) on each.</summary>
public enum BindFault
{
    /// <summary>The path is not absolute, names a directory or holds a zero.</summary>
    PathInvalid = 1,

    /// <summary>The path is longer than <see cref="UnixSocketOptions.MaxPathLength"/> bytes.</summary>
    PathTooLong,

    /// <summary>The parent directory is missing and cannot be made, or cannot be opened.</summary>
    DirectoryUnavailable,

    /// <summary>Another daemon listens there.</summary>
    InUse,

    /// <summary>A symbolic link stands at the path: it is neither followed nor removed.</summary>
    SymbolicLink,

    /// <summary>Something that is no socket stands at the path: it is not removed.</summary>
    NotASocket,

    /// <summary>The kernel refused; the message has the call and its error.</summary>
    SystemError,

    /// <summary>The inherited descriptor is not a listening stream socket with a path.</summary>
    InheritedUnusable,
}
