using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Validation;

namespace Spiffe.Agent.Cli.Policies;

/// <summary>A file of policies: what was parsed, or what is wrong with it.</summary>
internal sealed class PolicyFile
{
    private readonly LineMap _lines;

    private PolicyFile(string place, LineMap lines, ImmutableArray<PolicyStatement> statements, ImmutableArray<PolicyFault> faults, ImmutableArray<PolicyFault> warnings)
    {
        Place = place;
        _lines = lines;
        Statements = statements;
        Faults = faults;
        Warnings = warnings;
    }

    /// <summary>The path as people know it.</summary>
    public string Place { get; }

    /// <summary>Policies and templates; empty where there is a fault.</summary>
    public ImmutableArray<PolicyStatement> Statements { get; }

    /// <summary>What is wrong, in source order.</summary>
    public ImmutableArray<PolicyFault> Faults { get; }

    /// <summary>What is allowed and probably a mistake, in source order.</summary>
    public ImmutableArray<PolicyFault> Warnings { get; }

    /// <param name="place">The path as people know it.</param>
    /// <param name="source">Cedar text.</param>
    /// <param name="first">Number of its first policy: policies of several files are counted on, <c>policy0</c>, <c>policy1</c>….</param>
    public static PolicyFile Parse(string place, string source, int first)
    {
        LineMap lines = new(source);
        if (PolicyParser.TryParse(source, out PolicyText? text, out ImmutableArray<SyntaxError> errors))
            return new PolicyFile(place, lines, [.. text.Statements.Select((statement, i) => statement with { Id = $"policy{first + i}" })], [], []);
        return new PolicyFile(place, lines, [], [.. errors.Select(e => new PolicyFault(place, lines.PositionOf(e.Span.Start), e.Message))], []);
    }

    /// <summary>The same, held against a schema.</summary>
    public PolicyFile Validated(PolicySchema schema)
    {
        if (!Faults.IsEmpty) return this;
        ValidationReport report = PolicyValidator.Validate(schema, Statements);
        return new PolicyFile(Place, _lines, Statements, At(report.Errors), At(report.Warnings));

        ImmutableArray<PolicyFault> At(ImmutableArray<ValidationNotice> notices) => [.. notices.Select(n => new PolicyFault(Place, PositionOf(n.Span), n.Message))];
    }

    public SourcePosition PositionOf(SourceSpan span) => _lines.PositionOf(span.Start);
}
