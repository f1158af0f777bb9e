using Microsoft.Extensions.Logging;
using Spiffe.Agent.Audit.Witnessing;

namespace Spiffe.Agent.Issuance.Journal;

// Event ids 2450–2469.
public sealed partial class HouseLog
{
    [LoggerMessage(2450, LogLevel.Information, "audit log {Origin} in {Directory}: {Size} entries")]
    private partial void LogOpened(string origin, string directory, long size);

    [LoggerMessage(2451, LogLevel.Warning, "no audit log is kept: what is issued stands in this log only; name a directory in audit.dir")]
    private partial void LogNone();

    [LoggerMessage(2452, LogLevel.Critical, "the audit log cannot be written, nothing is issued and what lives runs out: {Fault}")]
    private partial void LogFault(string fault);

    [LoggerMessage(2453, LogLevel.Warning, "the audit log is written again, {Size} entries: what was kept waiting is in it")]
    private partial void LogRecovered(long size);

    [LoggerMessage(2454, LogLevel.Information, "audit entries below {Below} are not kept any more")]
    private partial void LogCut(long below);

    [LoggerMessage(2458, LogLevel.Error, "the audit log's key is due and could not be changed, which is tried again: {Fault}")]
    private partial void LogKeyStays(string fault);

    [LoggerMessage(2456, LogLevel.Critical, "the audit log is not what it was when it was witnessed: {Detail}")]
    private partial void LogRefuted(string detail);

    [LoggerMessage(2457, LogLevel.Warning, "witness {Witness} has not cosigned ({Outcome}): {Detail}")]
    private partial void LogUnwitnessed(string witness, WitnessOutcome outcome, string detail);

    [LoggerMessage(2455, LogLevel.Information, "another key signs the audit log from entry {Index} on: {Key}")]
    private partial void LogKey(long index, string key);
}
