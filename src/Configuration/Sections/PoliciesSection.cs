using System.Collections.Immutable;
using Spiffe.Agent.Configuration.Files;
using Spiffe.Agent.Configuration.Yaml;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>policies</c>: files of Cedar, read like the configuration itself: the same questions about who could have written them, every fault with its place.</summary>
internal static class PoliciesSection
{
    /// <summary>Most files. Ours.</summary>
    private const int MaxFiles = 64;

    private const string Remedy = "correct it: 'spiffe-agent policy check' reads it too, and docs/policy.md says what policies may speak of";

    /// <summary>The policies, and the texts that they are of; what is at fault is told behind the faults of the configuration, file by file.</summary>
    public static (TaskPolicies Policies, ImmutableArray<PolicySource> Sources) Read(Section file)
    {
        Dictionary<string, FaultList> faults = new(StringComparer.Ordinal);
        List<PolicySource> sources = [];
        foreach (Value value in file.Texts("policies"))
        {
            if (FilePath.Read(file, value, "policies/tasks.cedar") is not { } path) continue;
            FaultList own = new(path);
            if (faults.Count == MaxFiles) value.Fault("is one file too many", $"list at most {MaxFiles}");
            else if (!faults.TryAdd(path, own)) value.Fault("is listed twice", "keep one of them");
            else
            {
                file.Faults.Include(own);
                if (ReadText(path, own) is { } text) sources.Add(new PolicySource(path, text));
            }
        }

        // None at all is what the grants permit; an empty set of policies would deny everything.
        if (sources.Count == 0) return (TaskPolicies.BuiltIn, []);
        if (TaskPolicies.TryCompile(sources, out TaskPolicies? policies, out ImmutableArray<PolicyFault> wrong)) return (policies, [.. sources]);
        foreach (PolicyFault fault in wrong) faults.GetValueOrDefault(fault.Source, file.Faults).Add(new YamlPlace(fault.Line, fault.Column), null, null, $"is refused: {fault.Message}", Remedy);
        return (TaskPolicies.BuiltIn, []);
    }

    private static string? ReadText(string path, FaultList own) =>
        ConfigurationFile.Read(path, own, PolicyLimits.MaxSourceLength) is { } content ? TextDecoder.Decode(content, own) : null;
}
