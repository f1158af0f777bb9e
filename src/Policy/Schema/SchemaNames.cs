using System.Collections.Frozen;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema;

/// <summary>Which words may be names.</summary>
internal static class SchemaNames
{
    /// <summary>The namespace of built-in types, in which nobody may declare anything. Cedar RFC 52.</summary>
    public const string Reserved = "__cedar";

    /// <summary>The last part of every action's type.</summary>
    public const string Action = "Action";

    private static readonly FrozenSet<string> Words =
        new[] { "true", "false", "if", "then", "else", "in", "is", "like", "has" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> TypeWords =
        new[] { "Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Words of the policy language, which no identifier may be.</summary>
    public static bool IsReservedWord(string word) => Words.Contains(word);

    /// <summary>Words of the JSON form, which no common type may be called.</summary>
    public static bool IsTypeWord(string word) => TypeWords.Contains(word);

    /// <summary>Whether every part of the path is an identifier and no reserved word.</summary>
    public static bool IsPath(string path) => path.Split("::").All(IsIdentifier);

    /// <summary>A word that no policy reserves; <see cref="Reserved"/> is one here, since references may use it.</summary>
    public static bool IsIdentifier(string text) => Names.IsWord(text) && !IsReservedWord(text);

    /// <summary>The last part of a path.</summary>
    public static string BaseName(string path)
    {
        int colon = path.LastIndexOf(':');
        return colon < 0 ? path : path[(colon + 1)..];
    }

    /// <summary>Whether a part of the path is <see cref="Reserved"/>.</summary>
    public static bool IsReserved(string path) => path.Split("::").Contains(Reserved, StringComparer.Ordinal);
}
