using System.Globalization;
using System.Text;
using Spiffe.Agent.Configuration.Yaml;

namespace Spiffe.Agent.Configuration;

/// <summary>Gathers what is wrong with one file.</summary>
internal sealed class FaultList(string file)
{
    /// <summary>How many faults are kept; the rest is counted. Ours: nobody reads more at once.</summary>
    public const int Max = 1000;

    private const int MaxValueLength = 120;

    private readonly List<ConfigurationFault> _faults = [];
    private readonly List<ConfigurationFault> _warnings = [];
    private readonly List<FaultList> _included = [];
    private int _more;

    public string File => file;

    public bool IsEmpty => _faults.Count == 0;

    /// <summary>All faults so far, those that are only counted included.</summary>
    public int Count => _faults.Count + _more;

    /// <summary>A fault of the whole file.</summary>
    public void Add(string problem, string remedy) => Keep(new ConfigurationFault { File = file, Problem = problem, Remedy = remedy });

    /// <summary>A fault at a place.</summary>
    public void Add(YamlPlace place, KeyPath? key, string? value, string problem, string remedy) => Keep(Make(place, key, value, problem, remedy));

    /// <summary>Something about the whole file that is allowed and probably not meant.</summary>
    public void Warn(string problem, string remedy) => _warnings.Add(new ConfigurationFault { File = file, Problem = problem, Remedy = remedy });

    /// <summary>Something that is allowed and probably not meant.</summary>
    public void Warn(YamlPlace place, KeyPath key, string? value, string problem, string remedy)
    {
        if (_warnings.Count < Max) _warnings.Add(Make(place, key, value, problem, remedy));
    }

    /// <summary>All faults in the order of their places; the last one counts those that are not kept.</summary>
    public IReadOnlyList<ConfigurationFault> Faults()
    {
        List<ConfigurationFault> faults = InOrder(_faults);
        if (_more > 0) faults.Add(new ConfigurationFault { File = file, Problem = $"has {_more} more faults", Remedy = "correct these first" });
        return faults;
    }

    /// <summary>All warnings in the order of their places.</summary>
    public IReadOnlyList<ConfigurationFault> Warnings() => InOrder(_warnings);

    /// <summary>Takes what is wrong with another file, which this one names, behind its own.</summary>
    public void Include(FaultList other) => _included.Add(other);

    public LoadedConfiguration Finish(AgentOptions? options) => new(options, [.. Faults(), .. _included.SelectMany(i => i.Faults())], [.. Warnings(), .. _included.SelectMany(i => i.Warnings())]);

    private void Keep(ConfigurationFault fault)
    {
        if (_faults.Count < Max) _faults.Add(fault);
        else _more++;
    }

    private ConfigurationFault Make(YamlPlace place, KeyPath? key, string? value, string problem, string remedy) => new()
    {
        File = file,
        Line = place.Line,
        Column = place.Column,
        Key = key is null ? "" : Printable(key.ToString()),
        Value = value is null ? null : Printable(value),
        Problem = Printable(problem, int.MaxValue),
        Remedy = remedy,
    };

    private static List<ConfigurationFault> InOrder(List<ConfigurationFault> faults) => [.. faults.OrderBy(f => f.Line).ThenBy(f => f.Column)];

    /// <summary>The text without control and format characters, which could forge a line or a colour in a terminal; cut where it is long.</summary>
    private static string Printable(string text, int maxLength = MaxValueLength)
    {
        ReadOnlySpan<char> kept = text.Length > maxLength ? text.AsSpan(0, maxLength) : text;
        bool clean = kept.Length == text.Length;
        foreach (char c in kept) clean &= !IsUnprintable(c);
        if (clean) return text;
        StringBuilder written = new();
        foreach (char c in kept)
        {
            if (IsUnprintable(c)) written.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else written.Append(c);
        }

        return kept.Length < text.Length ? written.Append('…').ToString() : written.ToString();
    }

    private static bool IsUnprintable(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
