using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation;

/// <summary>What all attestors said together, in one attestation.</summary>
internal sealed class Findings
{
    private int _answered;
    private int _failed;
    private IReadOnlyList<EvidenceItem> _evidence = [];
    private IReadOnlyList<RefusedEvidence> _refused = [];
    private IReadOnlyList<string> _failedTypes = [];
    private IReadOnlyList<string> _owedTypes = [];

    /// <summary>The executable that evidence was taken from.</summary>
    internal ExecutableId? Executable { get; set; }

    /// <summary>The cgroups that evidence was taken from, each as its attestor read it.</summary>
    internal IReadOnlyList<CgroupReading> Cgroups { get; private set; } = [];

    /// <summary>Some of the evidence was not taken because the user has too much of it waiting.</summary>
    internal bool IsBusy { get; private set; }

    internal bool NothingAnswered => _answered == 0 && _failed > 0;

    internal void Add(AttestorAnswer answer)
    {
        if (answer.Findings is not { } findings)
        {
            _failed++;
            _failedTypes = [.. _failedTypes, answer.Type];
            _refused = [.. _refused, new RefusedEvidence(answer.Type, "", answer.Reason, answer.Detail)];
            return;
        }

        _answered++;
        IsBusy |= findings.IsBusy;
        _evidence = _evidence.Count == 0 ? findings.Evidence : [.. _evidence, .. findings.Evidence];
        _refused = _refused.Count == 0 ? findings.Refused : [.. _refused, .. findings.Refused];
        Executable ??= findings.Executable;
        if (findings.Cgroup is { } cgroup) Cgroups = [.. Cgroups, cgroup];
    }

    /// <summary>A service was not asked, and nobody waits for it.</summary>
    internal void Owe(string type) => _owedTypes = [.. _owedTypes, type];

    /// <summary>What is known so far; <paramref name="last"/> when that is the same, since its set of selectors is already made.</summary>
    internal AttestationResult.Attested Together(AttestationResult.Attested? last) => IsAsIn(last)
        ? last
        : new(new SelectorSet(_evidence.Select(e => e.Selector)), _evidence, _refused) { FailedTypes = _failedTypes, OwedTypes = _owedTypes };

    /// <summary>Whether this is word for word what was found before.</summary>
    private bool IsAsIn([NotNullWhen(true)] AttestationResult.Attested? last) =>
        last is not null && AreEqual(_evidence, last.Evidence) && AreEqual(_refused, last.RefusedEvidence)
        && AreEqual(_failedTypes, last.FailedTypes) && AreEqual(_owedTypes, last.OwedTypes);

    private static bool AreEqual<T>(IReadOnlyList<T> found, IReadOnlyList<T> before) => ReferenceEquals(found, before) || found.SequenceEqual(before);
}
