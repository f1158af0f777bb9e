using Google.Protobuf;
using Spiffe.Agent.Endpoints.WorkloadApi;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.Tasks;

/// <summary>TaskCredentials, written once into a block of its own that whoever sends it zeroes. Field numbers are the generated ones.</summary>
internal static class CredentialEncoder
{
    /// <summary>The task as it is, and what it holds; without credentials while it holds none.</summary>
    /// <returns>A pinned block with room for the prefix: the collector leaves no copy behind.</returns>
    public static byte[] Encode(TaskView task, TaskCredentialSet? held)
    {
        byte[] handle = TaskMessages.Handle(task).ToByteArray();
        IReadOnlyList<Part> parts = held is null ? [] : Parts(held);
        ReadOnlyMemory<byte> bundle = held?.Bundle.X509Der ?? default;
        int size = FrameWriter.SizeOf(TaskCredentials.TaskFieldNumber, handle.Length) + FrameWriter.SizeOfOptional(TaskCredentials.BundleFieldNumber, bundle.Length);
        foreach (Part part in parts) size += FrameWriter.SizeOf(TaskCredentials.CredentialsFieldNumber, part.Size);

        byte[] block = GC.AllocateArray<byte>(EncodedMessage.PrefixLength + size, pinned: true);
        FrameWriter writer = new(block.AsSpan(EncodedMessage.PrefixLength));
        writer.Write(TaskCredentials.TaskFieldNumber, handle);
        foreach (Part part in parts)
        {
            writer.Begin(TaskCredentials.CredentialsFieldNumber, part.Size);
            writer.Write(Credential.KindFieldNumber, part.Kind);
            writer.Write(Credential.IdFieldNumber, part.Id);
            writer.Write(Credential.ExpiresAtFieldNumber, part.ExpiresAt);
            writer.Write(Credential.ContentFieldNumber, part.Content.Span);
            if (part.Token is { } token) writer.Write(Credential.ContentFieldNumber, token);
            if (part.Key is { } key) writer.Write(Credential.PrivateKeyFieldNumber, key);
            foreach (string audience in part.Audiences) writer.Write(Credential.AudiencesFieldNumber, audience);
        }

        writer.Write(TaskCredentials.BundleFieldNumber, bundle.Span);
        return block;
    }

    private static List<Part> Parts(TaskCredentialSet held)
    {
        List<Part> parts = [];
        if ((held.X509?.Certificate ?? held.Certificate) is { } certificate) parts.Add(Part.Of(certificate, held.X509?.PrivateKey));
        if (held.Wit is { } wit) parts.Add(Part.Of("wit", wit.TokenId, wit.Token, wit.ExpiresAt, wit.PrivateKeyJwk, []));
        if (held.Jwt is { } jwt) parts.Add(Part.Of("jwt", jwt.TokenId, jwt.Token, jwt.ExpiresAt, null, jwt.Audience));
        return parts;
    }

    /// <summary>One credential before it is written: the secret in it is still where it was.</summary>
    private sealed record Part(string Kind, string Id, byte[] ExpiresAt, ReadOnlyMemory<byte> Content, string? Token, SecretBytes? Key, IReadOnlyList<string> Audiences)
    {
        public int Size { get; } = FrameWriter.SizeOfText(Credential.KindFieldNumber, Kind)
            + FrameWriter.SizeOfText(Credential.IdFieldNumber, Id)
            + FrameWriter.SizeOfOptional(Credential.ExpiresAtFieldNumber, ExpiresAt.Length)
            + FrameWriter.SizeOfOptional(Credential.ContentFieldNumber, Content.Length)
            + FrameWriter.SizeOfText(Credential.ContentFieldNumber, Token ?? "")
            + (Key is null ? 0 : FrameWriter.SizeOf(Credential.PrivateKeyFieldNumber, Key.Length))
            + Audiences.Sum(audience => FrameWriter.SizeOfText(Credential.AudiencesFieldNumber, audience));

        public static Part Of(X509SvidCertificate certificate, SecretBytes? key) =>
            new("x509", certificate.SerialNumber, TaskMessages.Moment(certificate.NotAfter).ToByteArray(), certificate.Chain, null, key, []);

        public static Part Of(string kind, string? id, string token, DateTimeOffset expiresAt, SecretBytes? key, IReadOnlyList<string> audiences) =>
            new(kind, id ?? "", TaskMessages.Moment(expiresAt).ToByteArray(), default, token, key, audiences);
    }
}
