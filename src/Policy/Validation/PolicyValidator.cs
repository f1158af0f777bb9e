using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>
/// Cedar's strict validation of policies against a schema. Each policy is checked against every combination of action, principal type and resource type that
/// the schema allows; a template besides against every type that could fill its slots. What such a check proves false is not looked into further.
/// Cedar docs, "Cedar policy validation against schema".
/// </summary>
public static class PolicyValidator
{
    /// <summary>Validates policies and templates; of those linked from a template, too, that what fills the slots is declared and that some action applies to it.</summary>
    public static ValidationReport Validate(PolicySchema schema, IEnumerable<PolicyStatement> policies)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(policies);
        ImmutableArray<ValidationNotice>.Builder errors = ImmutableArray.CreateBuilder<ValidationNotice>();
        ImmutableArray<ValidationNotice>.Builder warnings = ImmutableArray.CreateBuilder<ValidationNotice>();
        int left = ValidationLimits.MaxSteps;
        foreach (PolicyStatement policy in policies)
        {
            PolicyFindings findings = new(policy.Id);
            StepBudget budget = new(Math.Min(left, ValidationLimits.MaxStepsPerPolicy));
            bool applies = Validate(policy, schema, findings, budget);
            left -= budget.Spent;
            errors.AddRange(findings.Errors);
            if (!applies) warnings.Add(new ValidationNotice(policy.Id, "this policy can never apply: its conditions are false for every request", policy.Span));
        }

        return new ValidationReport(errors.ToImmutable(), warnings.ToImmutable());
    }

    /// <summary>Validates all policies and templates of a text.</summary>
    public static ValidationReport Validate(PolicySchema schema, PolicyText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Validate(schema, text.Statements);
    }

    /// <summary>Whether it can apply to any request. Code that walks expressions may recurse, so deeper ones than parsers return are refused.</summary>
    private static bool Validate(PolicyStatement policy, PolicySchema schema, PolicyFindings findings, StepBudget budget)
    {
        foreach (PolicyCondition condition in policy.Conditions)
        {
            if (condition.Body.Depth <= SyntaxLimits.MaxDepth) continue;
            findings.Add($"an expression is at most {SyntaxLimits.MaxDepth} deep", condition.Span);
            return true;
        }

        NameCheck.Check(policy, schema, findings);
        ApplicationCheck.Check(policy, schema, findings);
        return TypeCheck.Check(policy, schema, findings, budget);
    }
}
