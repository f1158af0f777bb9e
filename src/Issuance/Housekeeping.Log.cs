using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Issuance;

// Event ids 2200–2299.
public sealed partial class Housekeeping
{
    [LoggerMessage(2200, LogLevel.Information, "entries changed: {Count} now, version {Version}")]
    private partial void LogEntries(int count, long version);

    [LoggerMessage(2201, LogLevel.Information, "trust bundle changed: sequence {Sequence}")]
    private partial void LogBundle(ulong sequence);

    [LoggerMessage(2202, LogLevel.Warning, "the clock was set by {Step}: everything that is due is worked out anew")]
    private partial void LogClock(TimeSpan step);
}
