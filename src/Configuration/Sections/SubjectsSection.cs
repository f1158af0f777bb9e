using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Configuration.Values;
using Spiffe.Agent.Configuration.Yaml;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>tasks.subjects</c>.</summary>
internal static class SubjectsSection
{
    /// <summary>Most issuers. Ours: each has a memory of the assertions that were used.</summary>
    public const int MaxIssuers = 32;

    /// <summary>Most claims of one issuer that are kept.</summary>
    private const int MaxClaims = 32;

    private static readonly ImmutableArray<(string Name, JwsAlgorithm Algorithm)> Algorithms = [.. Enum.GetValues<JwsAlgorithm>().Select(algorithm => (algorithm.ToString(), algorithm))];

    public static ImmutableArray<SubjectIssuerOptions> Read(Section tasks, TrustDomain? trustDomain)
    {
        List<SubjectIssuerOptions> issuers = [];
        foreach (Section section in tasks.Children("subjects"))
        {
            if (section.IsBroken) continue;
            Value? issuer = section.Required("issuer", IssuerUrl.Remedy);
            SubjectIssuerOptions? read = ReadIssuer(section, issuer, trustDomain);
            section.RefuseUnknownKeys();
            if (issuer is null || read is null) continue;
            if (issuers.Exists(other => string.Equals(other.Issuer, read.Issuer, StringComparison.Ordinal))) issuer.Fault("is written twice", "keep one of them");
            else if (issuers.Count == MaxIssuers) issuer.Fault("is one too many", $"list at most {MaxIssuers}");
            else issuers.Add(read);
        }

        return [.. issuers];
    }

    private static SubjectIssuerOptions? ReadIssuer(Section section, Value? issuer, TrustDomain? trustDomain)
    {
        bool isIssuer = issuer is not null && IssuerUrl.IsValid(issuer.Text);
        if (issuer is not null && !isIssuer) issuer.Fault("is not an issuer", IssuerUrl.Remedy);
        string audience = section.Single("audience") is { } written ? ReadAudience(written) : trustDomain?.Id.ToString() ?? "";
        ImmutableArray<JwsAlgorithm> algorithms = ReadAlgorithms(section);
        ImmutableArray<string> claims = section.DistinctTexts("claims", MaxClaims, PlainText.IsValid, "is not the name of a claim", PlainText.Remedy);
        TimeSpan leeway = section.Duration("leeway", TimeSpan.FromSeconds(30), TimeSpan.Zero, TimeSpan.FromMinutes(5));
        TimeSpan maxAge = section.Duration("max_age", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        ImmutableArray<JwsPublicKey>? keys = ReadKeys(section, out KeySetFile? file);
        if (!isIssuer || keys is null) return null;
        return new SubjectIssuerOptions
        {
            Issuer = issuer!.Text,
            Audience = audience,
            Keys = keys.Value,
            KeyFile = file,
            Algorithms = algorithms,
            Claims = [.. claims.Where(claim => claim is not ("iss" or "sub"))], // Kept anyway.
            Leeway = leeway,
            MaxAge = maxAge,
        };
    }

    private static string ReadAudience(Value value)
    {
        if (!TermText.IsValid(value.Text)) value.Fault("is not an audience", TermText.Remedy);
        return value.Text;
    }

    private static ImmutableArray<JwsAlgorithm> ReadAlgorithms(Section section)
    {
        string known = string.Join(", ", Algorithms.Select(a => a.Name));
        ImmutableArray<string> names = section.DistinctTexts(
            "algorithms", Algorithms.Length, name => Algorithms.Any(a => string.Equals(a.Name, name, StringComparison.Ordinal)), "is no algorithm that is taken", $"choose from {known}: each has a public key");
        return names.IsEmpty ? [.. Algorithms.Select(a => a.Algorithm)] : [.. names.Select(name => Algorithms.First(a => string.Equals(a.Name, name, StringComparison.Ordinal)).Algorithm)];
    }

    private static ImmutableArray<JwsPublicKey>? ReadKeys(Section section, out KeySetFile? file)
    {
        file = null;
        bool hasFile = section.Has("jwks_file"), hasKeys = section.Has("jwks");
        if (hasFile == hasKeys)
        {
            string problem = hasFile ? "is written beside jwks: which of them counts?" : "is missing: nobody's signature could be checked";
            section.Faults.Add(section.Place, section.Path.Key("jwks_file"), null, problem, "write jwks_file: FILE, or jwks: with the issuer's key set itself");
            return null;
        }

        return hasFile ? ReadFile(section, out file) : ReadInline(section);
    }

    /// <summary>Its faults stand behind those of the configuration.</summary>
    private static ImmutableArray<JwsPublicKey>? ReadFile(Section section, out KeySetFile? file)
    {
        file = null;
        if (section.Single("jwks_file") is not { } value || FilePath.Read(section, value, "/etc/spiffe-agent/ci.jwks.json") is not { } path) return null;
        FaultList own = new(path);
        section.Faults.Include(own);
        return KeySetFile.TryOpen(path, own, out file, out ImmutableArray<JwsPublicKey> keys) ? keys : null;
    }

    /// <summary>A key set as JSON text, or as YAML, of which JSON is a part.</summary>
    private static ImmutableArray<JwsPublicKey>? ReadInline(Section section)
    {
        YamlNode node = section.Raw("jwks")!;
        if (node is not YamlMapping && section.Single("jwks") is null) return null;
        byte[] json = node is YamlScalar ? Encoding.UTF8.GetBytes(section.Single("jwks")!.Text) : YamlJson.Of(node) ?? [];
        return KeySetFile.Parse(json, (problem, remedy) => section.Faults.Add(node.Place, section.Path.Key("jwks"), null, problem, remedy));
    }
}
