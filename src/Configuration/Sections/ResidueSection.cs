using System.Collections.Immutable;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>residue</c> of a template.</summary>
internal static class ResidueSection
{
    private const string Remedy = "write an absolute path such as \"/work/{task}\", with {task}, {template} and {uid} where it differs from task to task";
    private const int MostFiles = 10_000_000;
    private const long LeastBytes = 1 << 20;
    private const long MostBytes = 1L << 40;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static ResidueRule Read(Section section)
    {
        ResidueRule defaults = new();
        List<string> all = [];
        ResidueRule rule = new()
        {
            Paths = ReadPaths(section, "paths", all),
            Artifacts = ReadPaths(section, "artifacts", all),
            Environments = section.Choice("environments", defaults.Environments, [("task", SurvivorRule.Task), ("user", SurvivorRule.User), ("none", SurvivorRule.None)]),
            Journal = section.Switch("journal", defaults.Journal),
            CoreDumps = section.Switch("core_dumps", defaults.CoreDumps),
            MaxBytes = section.Size("max_bytes", defaults.MaxBytes, LeastBytes, MostBytes),
            MaxFiles = section.Number("max_files", defaults.MaxFiles, 1, MostFiles),
            Within = section.Duration("within", defaults.Within, TimeSpan.FromSeconds(1), Longest),
        };
        section.RefuseUnknownKeys();
        return rule;
    }

    private static ImmutableArray<ResiduePath> ReadPaths(Section section, string key, List<string> all)
    {
        ImmutableArray<ResiduePath>.Builder paths = ImmutableArray.CreateBuilder<ResiduePath>();
        foreach (Value value in section.Distinct(key, ResidueRule.MaxPaths, _ => true, "", ""))
        {
            if (!ResiduePath.TryParse(value.Text, out ResiduePath? path, out string fault)) value.Fault(fault, Remedy);
            else if (all.Find(other => Holds(other, value.Text) || Holds(value.Text, other)) is { } other) value.Fault($"and {other} lie one in the other: it would be read twice", "keep the outer one");
            else
            {
                all.Add(value.Text);
                paths.Add(path);
            }
        }

        return paths.ToImmutable();
    }

    private static bool Holds(string outer, string inner) => inner == outer || inner.StartsWith(outer + "/", StringComparison.Ordinal);
}
