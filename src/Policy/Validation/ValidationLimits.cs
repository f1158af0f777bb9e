namespace Spiffe.Agent.Policy.Validation;

/// <summary>How much work validation does. All are ours: the Cedar reference has none.</summary>
public static class ValidationLimits
{
    /// <summary>Expressions and parts of types looked at while one policy is checked against all request environments. 20,000,000: a second or two.</summary>
    public const int MaxStepsPerPolicy = 20_000_000;

    /// <summary>The same for all policies that are validated together. 1,000,000,000: a minute or two.</summary>
    public const int MaxSteps = 1_000_000_000;

    /// <summary>Errors reported for one policy. 50: nobody reads more.</summary>
    public const int MaxErrorsPerPolicy = 50;

    /// <summary>Faults reported for one request or one set of entities. 50: nobody reads more.</summary>
    public const int MaxConformanceFaults = 50;
}
