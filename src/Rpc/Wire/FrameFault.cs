namespace Spiffe.Agent.Rpc.Wire;

/// <summary>Why a stream of length-prefixed messages cannot be read on.</summary>
internal enum FrameFault
{
    None,

    /// <summary>The flag byte is neither 0 nor 1.</summary>
    UnknownFlag,

    /// <summary>The message is longer than the reader accepts.</summary>
    TooLong,
}
