using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Validation;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>Reads, checks and compiles sources. What is not wholly understood is refused: unknown obligations, templates with open slots, policies that cannot hold against the schema.</summary>
internal sealed class PolicyCompiler
{
    private const string Obligation = "obligation";
    private const string Approval = "approval";

    private readonly ImmutableArray<PolicyFault>.Builder _faults = ImmutableArray.CreateBuilder<PolicyFault>();

    public ImmutableArray<PolicyFault> Faults => _faults.ToImmutable();

    public static bool NeedsApproval(PolicyStatement policy) => policy.Annotations.Any(annotation => IsObligation(annotation) && annotation.Value == Approval);

    public bool TryCompile(IReadOnlyList<PolicySource> sources, [NotNullWhen(true)] out PolicySet? set, out string digest)
    {
        (set, digest) = (null, "");
        if (sources.Count is 0 or > PolicyLimits.MaxSources) Fail("", $"there are 1 to {PolicyLimits.MaxSources} sources of policies");
        if (sources.DistinctBy(source => source.Name, StringComparer.Ordinal).Count() != sources.Count) Fail("", "two sources have one name");
        if (_faults.Count > 0) return false;
        List<PolicyStatement> statements = [];
        foreach (PolicySource source in sources) Read(source, statements);
        if (_faults.Count > 0) return false;
        if (!PolicySet.TryCompile(statements, out set, out string? error)) Fail("", error);
        digest = DigestOf(sources);
        return set is not null;
    }

    private void Read(PolicySource source, List<PolicyStatement> statements)
    {
        if (source.Text.Length > PolicyLimits.MaxSourceLength)
        {
            Fail(source.Name, $"a source has at most {PolicyLimits.MaxSourceLength} characters");
            return;
        }

        LineMap lines = new(source.Text);
        if (!PolicyParser.TryParse(source.Text, out PolicyText? text, out ImmutableArray<SyntaxError> errors))
        {
            foreach (SyntaxError error in errors) Fail(source.Name, lines, error.Span, error.Message);
            return;
        }

        foreach (ValidationNotice notice in PolicyValidator.Validate(TaskPolicySchema.Schema, text).Errors) Fail(source.Name, lines, notice.Span, notice.Message);
        foreach (PolicyStatement policy in text.Statements)
        {
            if (policy.IsTemplate) Fail(source.Name, lines, policy.Span, "a template is no policy: write it out");
            foreach (PolicyAnnotation annotation in policy.Annotations.Where(IsObligation))
            {
                if (annotation.Value != Approval) Fail(source.Name, lines, annotation.Span, "the only obligation is @obligation(\"approval\")");
                else if (policy.Effect == PolicyEffect.Forbid) Fail(source.Name, lines, annotation.Span, "a forbid has no obligation: nobody can approve past it");
            }

            string own = policy.Annotations.FirstOrDefault(annotation => annotation.Name == "id")?.Value is { Length: > 0 } id ? id : policy.Id;
            statements.Add(policy with { Id = $"{source.Name}#{own}" });
        }
    }

    private static bool IsObligation(PolicyAnnotation annotation) => string.Equals(annotation.Name, Obligation, StringComparison.Ordinal);

    /// <summary>Names and texts, each behind its length: nothing can move from one source to the next unseen.</summary>
    private static string DigestOf(IReadOnlyList<PolicySource> sources)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (PolicySource source in sources)
        {
            foreach (string part in (ReadOnlySpan<string>)[source.Name, source.Text])
            {
                byte[] bytes = Encoding.UTF8.GetBytes(part);
                BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
                hash.AppendData(length);
                hash.AppendData(bytes);
            }
        }

        return "sha256:" + Base64Url.EncodeToString(hash.GetHashAndReset());
    }

    private void Fail(string source, string message) => _faults.Add(new PolicyFault(source, 1, 1, message));

    private void Fail(string source, LineMap lines, SourceSpan span, string message)
    {
        SourcePosition at = lines.PositionOf(span.Start);
        _faults.Add(new PolicyFault(source, at.Line, at.Column, message));
    }
}
