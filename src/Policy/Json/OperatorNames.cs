using System.Collections.Frozen;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Json;

/// <summary>What the JSON policy format calls operators.</summary>
internal static class OperatorNames
{
    public static readonly FrozenDictionary<BinaryOperator, string> Binary = new Dictionary<BinaryOperator, string>
    {
        [BinaryOperator.Equal] = "==",
        [BinaryOperator.NotEqual] = "!=",
        [BinaryOperator.Less] = "<",
        [BinaryOperator.LessOrEqual] = "<=",
        [BinaryOperator.Greater] = ">",
        [BinaryOperator.GreaterOrEqual] = ">=",
        [BinaryOperator.In] = "in",
        [BinaryOperator.Add] = "+",
        [BinaryOperator.Subtract] = "-",
        [BinaryOperator.Multiply] = "*",
        [BinaryOperator.Contains] = "contains",
        [BinaryOperator.ContainsAll] = "containsAll",
        [BinaryOperator.ContainsAny] = "containsAny",
        [BinaryOperator.GetTag] = "getTag",
        [BinaryOperator.HasTag] = "hasTag",
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<UnaryOperator, string> Unary = new Dictionary<UnaryOperator, string>
    {
        [UnaryOperator.Not] = "!",
        [UnaryOperator.Negate] = "neg",
        [UnaryOperator.IsEmpty] = "isEmpty",
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<string, BinaryOperator> BinaryByName = Binary.ToFrozenDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, UnaryOperator> UnaryByName = Unary.ToFrozenDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

    public static string Of(PolicyVariable variable) => variable switch
    {
        PolicyVariable.Principal => "principal",
        PolicyVariable.Action => "action",
        PolicyVariable.Resource => "resource",
        _ => "context",
    };
}
