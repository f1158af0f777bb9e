namespace Spiffe.Agent.Rpc;

/// <summary>A status code and the sentence that goes with it on the wire (grpc-status, grpc-message).</summary>
/// <param name="StatusCode">How the call ended.</param>
/// <param name="Detail">A sentence for the other side. It leaves the process: nothing secret, nothing about the inside.</param>
public readonly record struct Status(StatusCode StatusCode, string Detail)
{
    /// <summary>OK without words; also the default value.</summary>
    public static Status DefaultSuccess => default;

    /// <summary>Cancelled without words.</summary>
    public static Status DefaultCancelled => new(StatusCode.Cancelled, "");

    /// <summary>The sentence, never null.</summary>
    public string Detail { get => field ?? ""; init; } = Detail;

    public override string ToString() => $"{StatusCode}: {Detail}";
}
