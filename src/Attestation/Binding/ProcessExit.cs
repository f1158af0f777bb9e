using System.Globalization;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>How a process ended, as far as the kernel tells.</summary>
/// <param name="Code">What it gave to exit(2), 0–255; null when a signal ended it, or nobody knows.</param>
/// <param name="Signal">The signal that ended it; null when none did, or nobody knows.</param>
public sealed record ProcessExit(int? Code, int? Signal)
{
    /// <summary>It has ended, and how is not known: it was reaped before it could be asked on a kernel before 6.15, or may not be looked at.</summary>
    public static ProcessExit Unknown { get; } = new(null, null);

    /// <summary>Whether it is known how it ended.</summary>
    public bool IsKnown => Code is not null || Signal is not null;

    /// <summary>Whether it is known to have ended with 0. False on doubt.</summary>
    public bool IsSuccess => Code == 0;

    public override string ToString() => this switch
    {
        { Code: { } code } => string.Create(CultureInfo.InvariantCulture, $"exit code {code}"),
        { Signal: { } signal } => string.Create(CultureInfo.InvariantCulture, $"signal {signal}"),
        _ => "exited, how is not known",
    };

    /// <summary>From the number that wait(2) gives.</summary>
    internal static ProcessExit FromWaitStatus(int status) => (status & 0x7f) switch
    {
        0 => new ProcessExit((status >> 8) & 0xff, null),
        var signal => new ProcessExit(null, signal),
    };
}
