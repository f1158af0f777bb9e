using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Verifies a log's directory offline: every entry, every tile, every signature, in one pass and bounded memory. docs/audit.md says what lies where.</summary>
/// <remarks>
/// Whoever wrote the directory is not believed: what is wrong comes back as findings, never as an exception, and nothing is followed out of it. It may
/// grow meanwhile; then what its checkpoint was at the beginning is verified.
/// </remarks>
/// <param name="directory">The log's.</param>
/// <param name="policy">Which keys are believed, and which witnesses must have cosigned. A key that the log had earlier will do: those after it are followed.</param>
public sealed class DirectoryVerifier(string directory, LogPolicy policy)
{
    /// <summary>Heads of this log that somebody kept: the log must still hold what they signed for. Otherwise an older state of it looks intact.</summary>
    public IReadOnlyCollection<SignedNote> Kept { get; init; } = [];

    /// <summary>Is given every intact entry in order, while the rest is still being read. An entry is valid only during the call.</summary>
    public Action<LogEntry>? Observer { get; init; }

    /// <summary>Is told now and then how many entries are done, and of how many.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Verifies all of it.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<VerificationReport> VerifyAsync(CancellationToken cancellationToken)
    {
        FindingList findings = new();
        using LogFiles? files = LogFiles.Open(directory);
        if (files is not null)
        {
            using VerificationPass pass = new(files, policy, this, findings);
            return await pass.RunAsync(cancellationToken);
        }

        findings.Add(FindingKind.Unreadable, "", null, "there is no such directory, or it may not be read");
        return VerificationReport.Empty(findings);
    }
}
