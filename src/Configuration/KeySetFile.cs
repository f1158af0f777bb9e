using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Configuration.Files;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Configuration;

/// <summary>A file of public keys that its owner may rotate while the daemon runs: read anew when it changes, with the same questions each time about who could have written it. For one thread at a time.</summary>
public sealed class KeySetFile
{
    private FileStatus? _last;

    private KeySetFile(string path) => Path = path;

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    /// <summary>Whether the file has changed since it was looked at last. Then <paramref name="keys"/> are its keys now, or empty, and <paramref name="fault"/> says why in one line.</summary>
    public bool HasChanged(out ImmutableArray<JwsPublicKey> keys, out string? fault)
    {
        keys = [];
        fault = null;
        FileStatus? now = Look();
        if (now is null ? _last is null : _last is { } last && now.Value.IsSameContent(last)) return false;
        FaultList faults = new(Path);
        keys = Read(faults) ?? [];
        fault = faults.IsEmpty ? null : faults.Faults()[0].ToString();
        return true;
    }

    /// <summary>Opens it for the first time; false where it cannot be used, as <paramref name="faults"/> then say.</summary>
    internal static bool TryOpen(string path, FaultList faults, [NotNullWhen(true)] out KeySetFile? file, out ImmutableArray<JwsPublicKey> keys)
    {
        file = new KeySetFile(path);
        keys = file.Read(faults) ?? [];
        if (!faults.IsEmpty) file = null;
        return file is not null;
    }

    /// <summary>The keys of a text; null where they cannot be used.</summary>
    internal static ImmutableArray<JwsPublicKey>? Parse(ReadOnlyMemory<byte> text, Action<string, string> refuse)
    {
        JwkSetFault fault = JwkSetReader.TryRead(text, out ImmutableArray<JwsPublicKey> keys);
        if (fault == JwkSetFault.None) return keys;
        (string problem, string remedy) = Told(fault);
        refuse(problem, remedy);
        return null;
    }

    private static (string Problem, string Remedy) Told(JwkSetFault fault) => fault switch
    {
        JwkSetFault.TooLong => ($"is longer than {JwkSetReader.MaxLength >> 10} KiB", "keep the keys that are in use"),
        JwkSetFault.NotJson => ("is not one JSON object with each name once", "save what the issuer serves at its jwks_uri, as it is"),
        JwkSetFault.KeysMissing => ("has no list of keys (RFC 7517 §5.1)", "save what the issuer serves at its jwks_uri, as it is"),
        JwkSetFault.TooManyKeys => ($"has more than {JwkSetReader.MaxKeys} keys", "keep the keys that are in use"),
        JwkSetFault.PrivateMember => ("holds a private or symmetric key: whoever reads it can sign", "have the issuer make a new key, and write its public part here"),
        JwkSetFault.KeyMalformed => ("has a key that is malformed, or too weak: RSA of 2048 to 8192 bits, P-256, P-384 and P-521 are taken", "save what the issuer serves at its jwks_uri, as it is"),
        JwkSetFault.KeyIdRepeated => ("has two keys with one kid", "keep one of them"),
        _ => ("has no key that can check a signature", "write the issuer's signing keys: RSA, P-256, P-384 or P-521"),
    };

    private ImmutableArray<JwsPublicKey>? Read(FaultList faults)
    {
        _last = Look(); // Before reading: what changes meanwhile is seen next time.
        ImmutableArray<JwsPublicKey>? keys = ConfigurationFile.Read(Path, faults, JwkSetReader.MaxLength) is { } content ? Parse(content, faults.Add) : null;
        return faults.IsEmpty ? keys : null; // What somebody else could have written is read, to tell all that is wrong, and not taken.
    }

    private FileStatus? Look() => FileStatus.TryRead(Path, followLink: true, out FileStatus status) ? status : null;
}
