namespace Spiffe.Agent.Attestation.Attestors.Containerd;

/// <summary>A call that containerd answered with a status other than OK.</summary>
internal sealed class GrpcFailure(int status, string message) : Exception(message)
{
    /// <summary>https://grpc.io/docs/guides/status-codes</summary>
    internal const int NotFound = 5;

    internal int Status => status;
}
