using System.Collections.Immutable;
using Spiffe.Agent.Residue.Places;
using Spiffe.Agent.Residue.Reports;
using Spiffe.Agent.Residue.Scanning;

namespace Spiffe.Agent.Residue;

/// <summary>Looks behind a task for the credentials that it was issued. Reads, and changes nothing; what it is given is enough to find a credential, and not to have one.</summary>
/// <remarks>
/// It finds what was left by accident or carelessness, as it stands, wrapped, indented, in hexadecimal, in base64, in UTF-16, packed once. It does not find what somebody encrypts, or takes along
/// to where it was not told to look: that is why credentials are short-lived and dead by then.
/// </remarks>
public sealed class ResidueScanner
{
    private readonly Fingerprinter _fingerprinter;
    private readonly TimeProvider _time;
    private readonly ToolSet _tools;
    private readonly Func<string> _corePattern;
    private readonly string _systemdDumps;
    private readonly Census _census;

    /// <param name="fingerprinter">Who took the prints.</param>
    /// <param name="time">For limits.</param>
    public ResidueScanner(Fingerprinter fingerprinter, TimeProvider time)
        : this(fingerprinter, time, ToolSet.OfSystem, () => File.ReadAllText("/proc/sys/kernel/core_pattern"), CoreDumpPlace.OfSystemd)
    {
    }

    internal ResidueScanner(Fingerprinter fingerprinter, TimeProvider time, ToolSet tools, Func<string> corePattern, string systemdDumps) =>
        (_fingerprinter, _time, _tools, _corePattern, _systemdDumps, _census) = (fingerprinter, time, tools, corePattern, systemdDumps, new Census(time));

    /// <summary>Looks everywhere that the plan says. Takes up to <see cref="ResiduePlan.Within"/>, and blocks its thread.</summary>
    /// <param name="plan">Where.</param>
    /// <param name="subject">Whose.</param>
    /// <param name="prints">What for.</param>
    /// <param name="stop">The daemon stops: what was not looked at is a gap.</param>
    public ResidueReport Look(ResiduePlan plan, ResidueSubject subject, IReadOnlyList<CredentialPrint> prints, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(prints);
        Search search = new(plan, prints, new NeedleTable(_fingerprinter.Key, prints), _time, stop);
        foreach (CredentialPrint print in prints.Where(print => !print.CanBeFound)) search.Gap(PlaceKind.Path, GapReason.NoPrint, "", $"{print}: nothing secret was understood in it");
        if (prints.Count == 0) return search.Report(); // Nothing was issued: nothing can have been left.
        // Who lives now may be gone soon; files stay.
        new EnvironmentPlace(search, _census).Look(subject);
        FileTree tree = new();
        FileReader reader = new(search, new Unpacker(search, _tools));
        FileWalk walk = new(search, tree, reader);
        LookAll(walk, PlaceKind.Path, plan.Paths);
        LookAll(walk, PlaceKind.Artifact, plan.Artifacts);
        if (plan.Journal) new JournalPlace(search, _tools).Look(subject);
        if (plan.CoreDumps) new CoreDumpPlace(search, tree, reader, CorePattern.Parse(_corePattern()), _systemdDumps).Look(subject);
        return search.Report();
    }

    private static void LookAll(FileWalk walk, PlaceKind place, ImmutableArray<string> paths)
    {
        foreach (string path in paths) walk.Look(place, path);
    }
}
