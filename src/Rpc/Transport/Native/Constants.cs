using System.Runtime.InteropServices;

namespace Spiffe.Agent.Rpc.Transport.Native;

/// <summary>Numbers of the Linux ABI. Constants are the same on x86-64 and arm64; what differs is read from the architecture.</summary>
internal static class Constants
{
    internal const int FamilyUnix = 1;
    internal const int StreamSocket = 1;
    internal const int SocketNonBlock = 0x800;
    internal const int SocketCloseOnExec = 0x80000;
    internal const int SocketLevel = 1;

    internal const int OptionType = 3;
    internal const int OptionPassCredentials = 16;
    internal const int OptionPeerCredentials = 17;
    internal const int OptionAcceptsConnections = 30;
    internal const int OptionPeerPidFd = 77;
    internal const int OptionPassRights = 83;

    internal const int MessageDontWait = 0x40;
    internal const int MessageNoSignal = 0x4000;
    internal const int MessageCloseOnExec = 0x40000000;
    internal const int MessageControlTruncated = 8;
    internal const int ControlCredentials = 2;

    internal const int ShutdownBoth = 2;

    internal const uint EpollIn = 1;
    internal const uint EpollOut = 4;
    internal const uint EpollError = 8;
    internal const uint EpollHangUp = 0x10;
    internal const uint EpollReadHangUp = 0x2000;
    internal const uint EpollEdge = 1u << 31;
    internal const int EpollAdd = 1;
    internal const int EpollDelete = 2;
    internal const int EpollModify = 3;

    internal const short PollIn = 1;
    internal const int OpenPathOnly = 0x200000;
    internal const int OpenCloseOnExec = 0x80000;
    internal const int EmptyPath = 0x1000;
    internal const int SymlinkNoFollow = 0x100;
    internal const int LockExclusive = 2;
    internal const int LockNonBlock = 4;
    internal const int Unlock = 8;
    internal const int SetDescriptorFlags = 2;
    internal const int GetStatusFlags = 3;
    internal const int SetStatusFlags = 4;
    internal const int CloseOnExecFlag = 1;
    internal const nint PidFdOpen = 434;
    internal const nint ChangeModeAt2 = 452;
    internal const int LimitOpenFiles = 7;

    internal static readonly int OpenDirectory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    internal static readonly int OpenNoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;
}
