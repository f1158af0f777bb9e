using System.Globalization;

namespace Spiffe.Agent.Issuance.Tasks.Requests;

/// <summary>Who asks on the admin socket, by the kernel's word.</summary>
/// <param name="UserId">Effective user id of the connection.</param>
/// <param name="ProcessId">Its process.</param>
public readonly record struct Operator(uint UserId, int ProcessId)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"uid {UserId} (pid {ProcessId})");
}
