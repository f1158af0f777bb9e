using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>What validation found. Policies without errors never fail with a type error on requests and entities that conform to the schema.</summary>
/// <param name="Errors">Why policies are not valid, in source order; each once, however many requests it would hit.</param>
/// <param name="Warnings">What is allowed and probably a mistake: policies that can never apply.</param>
public sealed record ValidationReport(ImmutableArray<ValidationNotice> Errors, ImmutableArray<ValidationNotice> Warnings)
{
    /// <summary>Whether there are no errors.</summary>
    public bool IsValid => Errors.IsEmpty;
}
