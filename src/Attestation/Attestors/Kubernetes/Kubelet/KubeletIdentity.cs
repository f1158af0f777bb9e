namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

/// <summary>The contents of the PEM files that a connection to the kubelet rests on. Equal by content, so that a rotated file makes a new connection.</summary>
/// <param name="Pins">Whether <paramref name="Trust"/> is the kubelet's own certificate, else those of its authorities.</param>
/// <param name="Trust">Null where none is asked for.</param>
/// <param name="ClientCertificate">Null where a token is shown instead.</param>
/// <param name="ClientKey">Goes with it.</param>
internal sealed record KubeletIdentity(bool Pins, byte[]? Trust, byte[]? ClientCertificate, byte[]? ClientKey)
{
    public bool Equals(KubeletIdentity? other) => other is not null && Pins == other.Pins && AreEqual(Trust, other.Trust)
        && AreEqual(ClientCertificate, other.ClientCertificate) && AreEqual(ClientKey, other.ClientKey);

    public override int GetHashCode() => HashCode.Combine(Pins, Trust?.Length, ClientCertificate?.Length, ClientKey?.Length);

    public override string ToString() => "[redacted]";

    private static bool AreEqual(byte[]? left, byte[]? right) => (left is null) == (right is null) && left.AsSpan().SequenceEqual(right);
}
