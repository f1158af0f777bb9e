using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Formatting;

/// <summary>
/// Lays Cedar text out anew. Every token and every comment stays, in its order, so the policies are the same; formatting twice changes nothing more. Comments
/// keep their line, or the token behind which they stand.
/// </summary>
public static class PolicyFormatter
{
    /// <summary>Columns of a line, as far as the words allow. 100.</summary>
    public const int LineWidth = 100;

    /// <summary>Formats a text of policies.</summary>
    /// <param name="source">Cedar text.</param>
    /// <param name="formatted">The same, laid out.</param>
    /// <param name="errors">Why it was not; empty on success.</param>
    public static bool TryFormat(string source, [NotNullWhen(true)] out string? formatted, out ImmutableArray<SyntaxError> errors)
    {
        formatted = null;
        if (!PolicyParser.TryParse(source, out _, out errors)) return false;
        formatted = new TokenLayout(TokenReader.Read(source), LineWidth).ToString();
        return true;
    }
}
