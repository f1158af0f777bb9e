namespace Spiffe.Agent.Identity.X509;

/// <summary>An X.509-SVID with its private key, ready to be handed to the one workload that it names.</summary>
/// <remarks>Immutable, so streams may share it; the key is zeroed on dispose, at the latest when collected.</remarks>
public sealed class X509Svid(X509SvidCertificate certificate, SecretBytes privateKey) : IDisposable
{
    /// <summary>Everything about it that is not secret.</summary>
    public X509SvidCertificate Certificate { get; } = certificate;

    /// <summary>The key, PKCS#8, DER, not encrypted (Workload API §5.1).</summary>
    public SecretBytes PrivateKey { get; } = privateKey;

    /// <inheritdoc cref="X509SvidCertificate.Id"/>
    public SpiffeId Id => Certificate.Id;

    /// <inheritdoc cref="X509SvidCertificate.Chain"/>
    public ReadOnlyMemory<byte> Chain => Certificate.Chain;

    /// <inheritdoc cref="X509SvidCertificate.NotBefore"/>
    public DateTimeOffset NotBefore => Certificate.NotBefore;

    /// <inheritdoc cref="X509SvidCertificate.NotAfter"/>
    public DateTimeOffset NotAfter => Certificate.NotAfter;

    /// <inheritdoc cref="X509SvidCertificate.SerialNumber"/>
    public string SerialNumber => Certificate.SerialNumber;

    public void Dispose() => PrivateKey.Dispose();

    public override string ToString() => $"X509-SVID {Id} serial {SerialNumber}";
}
