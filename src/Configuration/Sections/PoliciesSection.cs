using System.Collections.Immutable;
using Spiffe.Agent.Configuration.Files;
using Spiffe.Agent.Configuration.Yaml;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>policies</c>: files of Cedar, read like the configuration itself: the same questions about who could have written them, every fault with its place.</summary>
internal static class PoliciesSection
{
    /// <summary>Most files. Ours.</summary>
    private const int MaxFiles = 64;

    /// <summary>The files that are right; each other has its faults behind those of the configuration.</summary>
    public static ImmutableArray<PolicyFile> Read(Section file)
    {
        ImmutableArray<PolicyFile>.Builder policies = ImmutableArray.CreateBuilder<PolicyFile>();
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Value value in file.Texts("policies"))
        {
            if (FilePath.Read(file, value, "policies/tasks.cedar") is not { } path) continue;
            if (!seen.Add(path)) value.Fault("is listed twice", "keep one of them");
            else if (seen.Count > MaxFiles) value.Fault("is one file too many", $"list at most {MaxFiles}");
            else if (ReadFile(path, file.Faults) is { } policy) policies.Add(policy);
        }

        return policies.DrainToImmutable();
    }

    private static PolicyFile? ReadFile(string path, FaultList faults)
    {
        FaultList own = new(path);
        faults.Include(own);
        byte[]? content = ConfigurationFile.Read(path, own, SyntaxLimits.MaxSourceLength);
        if (content is null || TextDecoder.Decode(content, own) is not { } source) return null;
        if (PolicyParser.TryParse(source, out PolicyText? text, out ImmutableArray<SyntaxError> errors))
        {
            foreach (PolicyStatement statement in text.Statements.Where(statement => statement.IsTemplate))
            {
                own.Add(PlaceOf(new LineMap(source), statement.Span), null, null, "has slots, and nothing here fills them", "write the entities themselves");
            }

            return own.IsEmpty ? new PolicyFile(path, text) : null;
        }

        LineMap lines = new(source);
        foreach (SyntaxError error in errors) own.Add(PlaceOf(lines, error.Span), null, null, $"is not Cedar: {error.Message}", "correct it; 'spiffe-agent policy check' reads it too");
        return null;
    }

    private static YamlPlace PlaceOf(LineMap lines, SourceSpan span)
    {
        SourcePosition position = lines.PositionOf(span.Start);
        return new YamlPlace(position.Line, position.Column);
    }
}
