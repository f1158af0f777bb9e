namespace Spiffe.Agent.Attestation.Native;

/// <summary><c>struct pollfd</c>.</summary>
internal struct PollFd
{
    internal int Fd;
    internal short Events;
    internal short Returned;
}
