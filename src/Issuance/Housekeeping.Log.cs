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

    [LoggerMessage(2203, LogLevel.Warning, "so many certificates are revoked that their lists have more than {MaxBytes} bytes: left out of streams until they are fewer, served over HTTP all the same")]
    private partial void LogCrlsWithheld(int maxBytes);
}
