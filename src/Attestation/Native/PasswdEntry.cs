namespace Spiffe.Agent.Attestation.Native;

/// <summary><c>struct passwd</c> of glibc and musl on Linux; only the name is used.</summary>
internal unsafe struct PasswdEntry
{
    internal byte* Name;
    internal byte* Password;
    internal uint UserId;
    internal uint GroupId;
    internal byte* Comment;
    internal byte* Home;
    internal byte* Shell;
}
