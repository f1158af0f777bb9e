using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Which logs are believed, and which witnesses must have cosigned. C2SP tlog-policy.</summary>
public sealed class LogPolicy
{
    private readonly WitnessGroup? _quorum;
    private readonly ImmutableArray<NoteVerifierKey> _known;

    internal LogPolicy(ImmutableArray<NoteVerifierKey> logs, ImmutableArray<NoteVerifierKey> witnesses, WitnessGroup? quorum)
    {
        Logs = logs;
        Witnesses = witnesses;
        _known = [.. logs, .. witnesses];
        _quorum = quorum;
    }

    /// <summary>Keys of the logs; each one's name is its origin.</summary>
    public ImmutableArray<NoteVerifierKey> Logs { get; }

    public ImmutableArray<NoteVerifierKey> Witnesses { get; }

    /// <summary>Where each of <see cref="Witnesses"/> is reached, as the file says it: the submission prefix of tlog-witness; empty: it does not say.</summary>
    public ImmutableArray<string> WitnessUrls { get; internal init; } = [];

    /// <summary>A policy without witnesses: one log's signature is enough.</summary>
    public static LogPolicy Of(NoteVerifierKey log) => new([log], [], null);

    /// <param name="bytes">A policy file.</param>
    /// <param name="policy">What it says, or null.</param>
    /// <param name="fault">The first line that is wrong, and what about it; or empty.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LogPolicy? policy, out string fault) => PolicyReader.TryRead(bytes, out policy, out fault);

    /// <summary>The key that a log of this name is verified from: the newest of those that it lists, or one of that name, or any; null: the policy names no log.</summary>
    internal NoteVerifierKey? TrustedOf(string origin, ImmutableArray<NoteVerifierKey> listed)
    {
        HashSet<string> own = [.. Logs.Select(key => key.ToString())];
        return Logs.FirstOrDefault(key => listed.LastOrDefault(other => own.Contains(other.ToString()))?.ToString() == key.ToString())
            ?? Logs.FirstOrDefault(key => string.Equals(key.Name, origin, StringComparison.Ordinal)) ?? Logs.FirstOrDefault();
    }

    /// <summary>Whether enough witnesses cosigned what was verified.</summary>
    internal bool HasQuorum(NoteVerdict verdict) => _quorum is null || _quorum.HasCosigned(verdict);

    /// <summary>Whether a log of this policy signed the checkpoint as its own, and enough witnesses cosigned it.</summary>
    public NoteVerdict Verify(SignedNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        NoteVerdict verdict = note.Verify(_known);
        if (!verdict.Accepted) return verdict;
        if (!Checkpoint.TryParse(note.Text, out Checkpoint? head, out string fault)) return NoteVerdict.Refused($"the checkpoint: {fault}");
        if (!verdict.Signatures.Any(signature => Logs.Contains(signature.Key) && string.Equals(signature.Key.Name, head.Origin, StringComparison.Ordinal)))
        {
            return NoteVerdict.Refused("no log of the policy has signed it as its own");
        }

        return HasQuorum(verdict) ? verdict : NoteVerdict.Refused("too few witnesses have cosigned it");
    }
}
