using System.Collections.Immutable;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.WorkloadApi;

/// <summary>X509SVIDResponse and WITSVIDResponse, each written once into the block that all of its streams send. Field numbers are the generated ones.</summary>
public sealed class ResponseEncoder : IResponseEncoder
{
    public byte[] EncodeX509(ImmutableArray<Presented<X509Svid>> svids, TrustBundle bundle, CrlSet crls)
    {
        ReadOnlyMemory<byte> authorities = bundle.X509Der;
        int size = 0;
        foreach (Presented<X509Svid> svid in svids) size += FrameWriter.SizeOf(X509SVIDResponse.SvidsFieldNumber, SizeOf(svid, authorities.Length));
        foreach (CertificateRevocationList crl in crls.Lists) size += FrameWriter.SizeOf(X509SVIDResponse.CrlFieldNumber, crl.Der.Length);

        byte[] block = NewBlock(size);
        FrameWriter writer = new(block.AsSpan(EncodedMessage.PrefixLength));
        foreach (Presented<X509Svid> svid in svids)
        {
            writer.Begin(X509SVIDResponse.SvidsFieldNumber, SizeOf(svid, authorities.Length));
            writer.Write(X509SVID.SpiffeIdFieldNumber, svid.Id.ToString());
            writer.Write(X509SVID.X509SvidFieldNumber, svid.Svid.Chain.Span);
            writer.Write(X509SVID.X509SvidKeyFieldNumber, svid.Svid.PrivateKey);
            writer.Write(X509SVID.BundleFieldNumber, authorities.Span);
            writer.Write(X509SVID.HintFieldNumber, svid.Hint);
        }

        // Workload API §5.2.1: crl, DER; none while nothing is revoked.
        foreach (CertificateRevocationList crl in crls.Lists) writer.Write(X509SVIDResponse.CrlFieldNumber, crl.Der.Span);
        return block;
    }

    public byte[] EncodeWit(ImmutableArray<Presented<WitSvid>> svids)
    {
        int size = 0;
        foreach (Presented<WitSvid> svid in svids) size += FrameWriter.SizeOf(WITSVIDResponse.SvidsFieldNumber, SizeOf(svid));

        byte[] block = NewBlock(size);
        FrameWriter writer = new(block.AsSpan(EncodedMessage.PrefixLength));
        foreach (Presented<WitSvid> svid in svids)
        {
            writer.Begin(WITSVIDResponse.SvidsFieldNumber, SizeOf(svid));
            writer.Write(WITSVID.SpiffeIdFieldNumber, svid.Id.ToString());
            writer.Write(WITSVID.WitSvidFieldNumber, svid.Svid.Token);
            writer.Write(WITSVID.WitSvidKeyFieldNumber, svid.Svid.PrivateKeyJwk!);
            writer.Write(WITSVID.HintFieldNumber, svid.Hint);
        }

        return block;
    }

    private static int SizeOf(Presented<X509Svid> svid, int authorities) =>
        FrameWriter.SizeOfText(X509SVID.SpiffeIdFieldNumber, svid.Id.ToString())
        + FrameWriter.SizeOfOptional(X509SVID.X509SvidFieldNumber, svid.Svid.Chain.Length)
        + FrameWriter.SizeOf(X509SVID.X509SvidKeyFieldNumber, svid.Svid.PrivateKey.Length)
        + FrameWriter.SizeOfOptional(X509SVID.BundleFieldNumber, authorities)
        + FrameWriter.SizeOfText(X509SVID.HintFieldNumber, svid.Hint);

    private static int SizeOf(Presented<WitSvid> svid) =>
        FrameWriter.SizeOfText(WITSVID.SpiffeIdFieldNumber, svid.Id.ToString())
        + FrameWriter.SizeOfText(WITSVID.WitSvidFieldNumber, svid.Svid.Token)
        + FrameWriter.SizeOf(WITSVID.WitSvidKeyFieldNumber, svid.Svid.PrivateKeyJwk!.Length)
        + FrameWriter.SizeOfText(WITSVID.HintFieldNumber, svid.Hint);

    /// <summary>Pinned, so that the collector never leaves a copy behind when it moves things.</summary>
    private static byte[] NewBlock(int size) => GC.AllocateArray<byte>(EncodedMessage.PrefixLength + size, pinned: true);
}
