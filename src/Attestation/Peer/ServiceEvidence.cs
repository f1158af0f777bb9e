namespace Spiffe.Agent.Attestation.Peer;

/// <summary>What services last said of one process, so that its live streams need not ask them every few seconds.</summary>
/// <remarks>Kept under what the kernel said at that time – which executable, which cgroup – and worth nothing when the kernel says anything else.</remarks>
internal sealed class ServiceEvidence
{
    private readonly Lock _gate = new(); // Guards _said: a handful, one for each service.
    private readonly List<Said> _said = [];

    /// <summary>What the service of this type said last, or null when it was never heard.</summary>
    internal Said? Find(string type)
    {
        lock (_gate) return _said.Find(s => string.Equals(s.Type, type, StringComparison.Ordinal));
    }

    /// <summary>Whether something kept here should be asked again: it is older than that, or the service failed since.</summary>
    internal bool IsDue(TimeSpan age, TimeProvider clock)
    {
        lock (_gate) return _said.Exists(s => s.HasFailedSince || clock.GetElapsedTime(s.At) >= age);
    }

    /// <summary>The service answered.</summary>
    internal void Keep(Said said)
    {
        lock (_gate)
        {
            _said.RemoveAll(s => string.Equals(s.Type, said.Type, StringComparison.Ordinal));
            _said.Add(said);
        }
    }

    /// <summary>The service did not answer: what it said before stays, and is asked again soon.</summary>
    internal void Failed(string type)
    {
        lock (_gate)
        {
            int at = _said.FindIndex(s => string.Equals(s.Type, type, StringComparison.Ordinal));
            if (at >= 0) _said[at] = _said[at] with { HasFailedSince = true };
        }
    }

    /// <param name="Type">The type of selector.</param>
    /// <param name="Findings">What it found.</param>
    /// <param name="Kernel">What the kernel said at that time.</param>
    /// <param name="At">When, as a timestamp of the clock.</param>
    /// <param name="HasFailedSince">Whether it did not answer when it was asked again.</param>
    internal sealed record Said(string Type, AttestorFindings Findings, KernelState Kernel, long At, bool HasFailedSince);
}
