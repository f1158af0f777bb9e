using System.Xml.Linq;

namespace Spiffe.Agent.Tests.Architecture.House;

/// <summary>Every package is there for a written reason.</summary>
public sealed class DependencyTests
{
    private const string Reasons = "docs/decisions/0001-dependencies.md";

    [Fact]
    public void Every_package_has_a_line_that_says_why()
    {
        string reasons = Repository.Read(Reasons);
        IEnumerable<string> packages = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(e => e.Attribute("Include")!.Value);

        Offenders.None(packages.Where(package => !reasons.Contains($"| {package} |", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_project_picks_a_version_of_its_own() =>
        Offenders.None(Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj"))
            .Where(file => XDocument.Parse(Repository.Read(file)).Descendants("PackageReference").Any(e => e.Attribute("Version") is not null || e.Attribute("VersionOverride") is not null)));
}
