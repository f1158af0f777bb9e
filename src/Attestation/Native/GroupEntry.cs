namespace Spiffe.Agent.Attestation.Native;

/// <summary><c>struct group</c> of glibc and musl on Linux; only the name is used.</summary>
internal unsafe struct GroupEntry
{
    internal byte* Name;
    internal byte* Password;
    internal uint GroupId;
    internal byte** Members;
}
