namespace Spiffe.Agent.Rpc.Transport.Native;

/// <summary><c>struct iovec</c>.</summary>
internal unsafe struct IoVector
{
    internal byte* Start;
    internal nuint Length;
}
