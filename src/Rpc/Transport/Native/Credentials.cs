namespace Spiffe.Agent.Rpc.Transport.Native;

/// <summary><c>struct ucred</c>. In SO_PEERCRED the ids are the effective ones; the kernel stamps SCM_CREDENTIALS with the real ones. Only pids compare.</summary>
internal struct Credentials
{
    internal int ProcessId;
    internal uint UserId;
    internal uint GroupId;
}
