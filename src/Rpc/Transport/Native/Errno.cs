using System.Runtime.InteropServices;

namespace Spiffe.Agent.Rpc.Transport.Native;

/// <summary>The errors that are told apart.</summary>
internal static class Errno
{
    internal const int NoEntry = 2;
    internal const int NoProcess = 3;
    internal const int Interrupted = 4;
    internal const int Again = 11;
    internal const int NoMemory = 12;
    internal const int Exists = 17;
    internal const int Invalid = 22;
    internal const int TableFull = 23;
    internal const int TooManyOpenFiles = 24;
    internal const int NoProtocolOption = 92;
    internal const int NoSystemCall = 38;
    internal const int NotPermitted = 1;
    internal const int AddressInUse = 98;
    internal const int ConnectionAborted = 103;
    internal const int NoBuffers = 105;
    internal const int ConnectionRefused = 111;

    /// <summary>The error of the last call.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The words for an error.</summary>
    internal static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);
}
