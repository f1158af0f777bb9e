namespace Spiffe.Agent.Policy.Values;

/// <summary>How large one value may be. Both are ours: the Cedar reference has none but the machine's memory.</summary>
public static class ValueLimits
{
    /// <summary>Elements of one set, repetitions counted: written in a policy (those of <c>action in [...]</c> too), made by one, or in the JSON of entities and
    /// requests. 100,000: ten times the largest group that anybody lists by name; an operator looks at each at most once, some milliseconds.</summary>
    public const int MaxElements = 100_000;

    /// <summary>Fields of one record, attributes of one entity, tags of one entity. 100,000.</summary>
    public const int MaxFields = 100_000;
}
