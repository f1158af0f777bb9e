namespace Spiffe.Agent.Rpc.Transport.Native;

/// <summary><c>struct msghdr</c> of glibc and musl on 64-bit little-endian Linux.</summary>
internal unsafe struct MessageHeader
{
    internal void* Name;
    internal uint NameLength;
    internal IoVector* Vectors;
    internal nuint VectorCount;
    internal byte* Control;
    internal nuint ControlLength;
    internal int Flags;
}
