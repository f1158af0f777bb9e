using System.Collections.Immutable;
using System.Security.Cryptography;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tasks.Claims;

/// <summary>
/// What a task's tokens say besides the registered claims. <c>sub</c> is the task, always; the chain tells whose work it is and is no right (RFC 8693 <c>act</c> would turn that around).
/// Together the claims keep to <see cref="MaxLength"/>, so that a token keeps to 4 KiB: details too long for it are left out, with their digest in <c>grant_s256</c> and <c>"grant":"ask"</c>
/// beside it. A verifier that reads only <c>authorization_details</c> then finds no right at all; one that knows us asks VerifyTask. Next the chain becomes one digest.
/// </summary>
public sealed record TaskClaims
{
    /// <summary>Most bytes of all these claims, names included. Of 4,096 characters of a token 342 are the longest signature and 200 the header; three quarters of the rest are payload, of which
    /// 860 bytes are left to <c>iss</c>, <c>sub</c>, <c>aud</c>, <c>cnf</c> and the times.</summary>
    public const int MaxLength = 1_800;

    /// <summary>Links that are written out, the nearest; those before them are digests.</summary>
    public const int MaxWholeLinks = 3;

    /// <summary>Characters of an owner, of a decision's id, of a policy's digest and of a place in the log, each.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Characters of the one on whose behalf it is; a longer one is a digest.</summary>
    public const int MaxRootLength = 256;

    private const int UsualRoot = 40; // Bytes of a root's id in JSON.
    private const int UsualTask = 512; // Bytes of most claims of a task.

    /// <summary>The root task: the same in everything that it causes.</summary>
    public required TaskId Root { get; init; }

    public required AuthorizationDetails Grant { get; init; }

    public required int Generation { get; init; }

    public required string IntentDigest { get; init; }

    public required string DecisionId { get; init; }

    public required string PolicyDigest { get; init; }

    public required string Owner { get; init; }

    /// <summary>On whose behalf: a subject such as <c>https://issuer#alice</c>; empty: nobody's but the owner's.</summary>
    public string Subject { get; init; } = "";

    /// <summary>From the root to the parent.</summary>
    public ImmutableArray<ChainLink> Chain { get; init; } = [];

    public int Depth { get; init; }

    public int MaxDepth { get; init; }

    /// <summary>Where the record of the issue is, <c>origin#index</c>; empty: nowhere yet.</summary>
    public string Log { get; init; } = "";

    /// <summary>Digest of the action's parameters; of action tokens only.</summary>
    public string? ParametersDigest { get; init; }

    /// <summary>The <c>status</c> claim, canonical JSON; null: none.</summary>
    public ReadOnlyMemory<byte>? Status { get; init; }

    /// <summary>SHA-256 of the canonical record of the grant: all of this but the status, the details by digest and the chain whole. For an X.509-SVID's extension.</summary>
    public byte[] RecordDigest()
    {
        CanonicalWriter writer = new();
        writer.BeginObject();
        writer.Name("txn");
        writer.String(Root.ToString());
        writer.Name(ReservedClaims.Task);
        writer.Raw(WriteTask(detailsByDigest: true, ChainForm.Whole).Span);
        writer.EndObject();
        return SHA256.HashData(writer.Written);
    }

    /// <summary>The claims by name, each a JSON value, in ordinal order of the names.</summary>
    /// <exception cref="ArgumentException">A name is longer than its limit.</exception>
    public ImmutableArray<KeyValuePair<string, ReadOnlyMemory<byte>>> Write()
    {
        Check(Owner, nameof(Owner));
        Check(DecisionId, nameof(DecisionId));
        Check(PolicyDigest, nameof(PolicyDigest));
        Check(IntentDigest, nameof(IntentDigest));
        Check(Log, nameof(Log));
        foreach ((bool byDigest, ChainForm form) in (ReadOnlySpan<(bool, ChainForm)>)[(false, ChainForm.Nearest), (true, ChainForm.Nearest)])
        {
            ImmutableArray<KeyValuePair<string, ReadOnlyMemory<byte>>> claims = Write(byDigest, form);
            if (claims.Sum(claim => claim.Key.Length + claim.Value.Length + 4) <= MaxLength) return claims;
        }

        return Write(detailsByDigest: true, ChainForm.Digest);
    }

    private ImmutableArray<KeyValuePair<string, ReadOnlyMemory<byte>>> Write(bool detailsByDigest, ChainForm form)
    {
        ImmutableArray<KeyValuePair<string, ReadOnlyMemory<byte>>>.Builder claims = ImmutableArray.CreateBuilder<KeyValuePair<string, ReadOnlyMemory<byte>>>(4);
        if (!detailsByDigest) claims.Add(new("authorization_details", Grant.CanonicalMemory));
        if (Status is { } status) claims.Add(new("status", status));
        CanonicalWriter txn = new(UsualRoot);
        txn.String(Root.ToString());
        claims.Add(new("txn", txn.WrittenMemory));
        claims.Add(new(ReservedClaims.Task, WriteTask(detailsByDigest, form)));
        return claims.ToImmutable();
    }

    private ReadOnlyMemory<byte> WriteTask(bool detailsByDigest, ChainForm form)
    {
        CanonicalWriter writer = new(UsualTask);
        writer.BeginObject();
        ChainWriter.Write(writer, Chain, form);
        Text(writer, "decision", DecisionId);
        Number(writer, "depth", Depth);
        Number(writer, "gen", Generation);
        if (detailsByDigest)
        {
            Text(writer, "grant", "ask");
            Text(writer, "grant_s256", Grant.Digest);
        }

        Text(writer, "intent_s256", IntentDigest);
        Text(writer, "log", Log);
        Number(writer, "max_depth", MaxDepth);
        Text(writer, "owner", Owner);
        Text(writer, "params_s256", ParametersDigest ?? "");
        Text(writer, "policy", PolicyDigest);
        Text(writer, Subject.Length > MaxRootLength ? "root_s256" : "root", Subject.Length > MaxRootLength ? CanonicalJson.Digest(System.Text.Encoding.UTF8.GetBytes(Subject)) : Subject);
        writer.EndObject();
        return writer.WrittenMemory;
    }

    private static void Text(CanonicalWriter writer, string name, string text)
    {
        if (text.Length == 0) return;
        writer.Name(name);
        writer.String(text);
    }

    private static void Number(CanonicalWriter writer, string name, int value)
    {
        writer.Name(name);
        writer.Number((long)value);
    }

    private static void Check(string text, string name)
    {
        if (text.Length > MaxNameLength) throw new ArgumentException($"at most {MaxNameLength} characters", name);
    }
}
