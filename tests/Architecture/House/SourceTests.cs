using System.Text.RegularExpressions;

namespace Spiffe.Agent.Tests.Architecture.House;

/// <summary>How the source is laid out: folder = namespace = concept, small files, names that say something.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 500;
    private const int MaxProgramLines = 80;
    private const int MaxAgentFiles = 12;

    private static IEnumerable<string> Sources => Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs"));

    [Fact]
    public void A_namespace_is_its_folder() => Offenders.None(Sources.Where(file => NamespaceOf(file) is { } written && written != ExpectedNamespace(file)));

    [Fact]
    public void No_file_is_longer_than_500_lines() => Offenders.None(Sources.Where(file => CountLines(file) > MaxLines));

    [Fact]
    public void Nothing_is_named_Helpers_Utils_or_Common() => Offenders.None(Sources.Where(file => VagueName().IsMatch(file)));

    [Fact]
    public void A_file_holds_one_type() => Offenders.None(Repository.Files("src", "*.cs").Where(file => TopLevelType().Count(Repository.Read(file)) > 1));

    [Fact]
    public void Program_is_shorter_than_80_lines() => Assert.True(CountLines("src/Agent/Program.cs") < MaxProgramLines);

    [Fact]
    public void The_composition_root_is_fewer_than_a_dozen_files() => Assert.True(Repository.Files("src/Agent", "*.cs").Count() < MaxAgentFiles);

    [Fact]
    public void No_region_folds_code_away_and_no_banned_call_is_waved_through()
    {
        Offenders.None(Repository.Files("src", "*.cs").Where(file => Repository.Read(file).Contains("#region", StringComparison.Ordinal)));
        Offenders.None(Repository.Files("src", "*.cs").Where(file => BannedSymbolSuppressed().IsMatch(Repository.Read(file))));
    }

    private static int CountLines(string file) => Repository.Read(file).AsSpan().TrimEnd().Count('\n') + 1;

    private static string? NamespaceOf(string file) => NamespaceLine().Match(Repository.Read(file)) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>
    /// src/Registration/X.cs → Spiffe.Agent.Registration; tests/Unit/Registration/X.cs → Spiffe.Agent.Tests.Unit.Registration. The executable is the root of the
    /// names: src/Agent/Doctor/X.cs → Spiffe.Agent.Doctor, since a namespace Spiffe.Agent.Agent would hide its own parent.
    /// </summary>
    private static string ExpectedNamespace(string file)
    {
        string folder = Path.GetDirectoryName(file)!.Replace('/', '.');
        if (folder is "src.Agent" || folder.StartsWith("src.Agent.", StringComparison.Ordinal)) return $"Spiffe.{folder[4..]}";
        return folder.StartsWith("src.", StringComparison.Ordinal) ? $"Spiffe.Agent.{folder[4..]}" : $"Spiffe.Agent.Tests.{folder[6..]}";
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"(Helper|Util|Common)(s|ities)?(/|\.|$)")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"^(public|internal|file)( \w+)* (class|struct|record|interface|enum) ", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"(pragma warning disable|SuppressMessage).*RS0030")]
    private static partial Regex BannedSymbolSuppressed();
}
