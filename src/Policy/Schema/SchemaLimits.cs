namespace Spiffe.Agent.Policy.Schema;

/// <summary>How large a schema may be. All are ours: the Cedar reference has none but the machine's memory and stack.</summary>
public static class SchemaLimits
{
    /// <summary>UTF-16 code units of one schema text. 4 Mi: some fifty thousand declarations.</summary>
    public const int MaxSourceLength = 4 * 1024 * 1024;

    /// <summary>Set and record types written within each other. 100: bounds the parser's stack.</summary>
    public const int MaxNesting = 100;

    /// <summary>Objects and arrays within each other in the JSON form, which spends three on each record. 320: room for <see cref="MaxNesting"/>.</summary>
    public const int MaxJsonDepth = 320;

    /// <summary>Sets and records within each other once common types have been put in. 200: bounds the stack of everything that walks a type.</summary>
    public const int MaxTypeDepth = 200;

    /// <summary>Parts of one type once common types have been put in. 100,000: common types that name each other twice double at every step.</summary>
    public const int MaxTypeSize = 100_000;

    /// <summary>Pairs of an entity type or an action and one of its ancestors, all in all. 1,000,000: a hierarchy's closure grows with its square.</summary>
    public const int MaxHierarchySize = 1_000_000;

    /// <summary>Combinations of action, principal type and resource type. 1,000,000: a policy is checked against each.</summary>
    public const int MaxRequestEnvironments = 1_000_000;

    /// <summary>Errors reported for one schema. 50: nobody reads more.</summary>
    public const int MaxErrors = 50;
}
