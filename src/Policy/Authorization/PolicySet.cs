using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Evaluation;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Authorization;

/// <summary>
/// Policies made ready to decide: immutable, safe for any number of threads. Without a permit the answer is no, a forbid overrides every permit, and a policy
/// that fails is skipped and reported. A decision ends always, depends on nothing but its arguments, and costs what the policies cost whose scope matches.
/// Cedar docs, "Authorization".
/// </summary>
public sealed class PolicySet
{
    /// <summary>Policies that match one request before the lists of them move to the heap.</summary>
    private const int InPlace = 32;

    /// <summary>Words of the marks for policies seen, before those move to the heap: sixteen thousand policies.</summary>
    private const int MarksInPlace = 256;

    private readonly CompiledPolicy[] _policies;
    private readonly ScopeIndex _index;

    private PolicySet(ImmutableArray<PolicyStatement> statements)
    {
        Statements = statements;
        _policies = [.. statements.Select((statement, i) => new CompiledPolicy(statement, i))];
        _index = new ScopeIndex([.. _policies.Zip(statements)]);
    }

    /// <summary>The policies, in the order in which they came.</summary>
    public ImmutableArray<PolicyStatement> Statements { get; }

    /// <summary>Compiles the policies of a text.</summary>
    /// <exception cref="ArgumentException">As of the other overload.</exception>
    public static PolicySet Compile(PolicyText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Compile(text.Statements);
    }

    /// <summary>Compiles policies.</summary>
    /// <exception cref="ArgumentException">Two have the same id, or one is a template whose slots are not filled or deeper than <see cref="SyntaxLimits.MaxDepth"/>.</exception>
    public static PolicySet Compile(IEnumerable<PolicyStatement> statements) =>
        TryCompile(statements, out PolicySet? set, out string? error) ? set : throw new ArgumentException(error, nameof(statements));

    /// <summary>Compiles policies, or says which of them stands in the way.</summary>
    public static bool TryCompile(IEnumerable<PolicyStatement> statements, [NotNullWhen(true)] out PolicySet? set, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(statements);
        ImmutableArray<PolicyStatement> all = [.. statements];
        HashSet<string> ids = new(StringComparer.Ordinal);
        set = null;
        error = null;
        foreach (PolicyStatement statement in all)
        {
            if (statement.IsTemplate) error = $"{statement.Id} is a template: fill its slots first";
            else if (statement.Conditions.Any(condition => condition.Body.Depth > SyntaxLimits.MaxDepth)) error = $"{statement.Id} has an expression more than 500 deep";
            else if (!ids.Add(statement.Id)) error = $"two policies have the id {statement.Id}";
            if (error is not null) return false;
        }

        set = new PolicySet(all);
        return true;
    }

    /// <summary>Answers a request.</summary>
    public AuthorizationDecision Decide(AuthorizationRequest request, EntityStore entities)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(entities);
        EvaluationFrame frame = new(request.Principal, request.Action, request.Resource, request.Context, entities);
        int words = (_policies.Length + 63) / 64;
        Span<ulong> seen = words <= MarksInPlace ? stackalloc ulong[words] : new ulong[words];
        DecisionVisitor visitor = new(_policies, ref frame, stackalloc int[InPlace], stackalloc int[InPlace], seen);
        _index.Visit(ref visitor, request.Principal, request.Action, request.Resource, entities);
        return visitor.Decide();
    }
}
