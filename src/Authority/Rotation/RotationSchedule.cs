namespace Spiffe.Agent.Authority.Rotation;

/// <summary>When keys change: a table of what SPIRE does, as a pure function of the clock and of the periods of two keys.</summary>
/// <remarks>
/// The next key is published when less than half of the active key's life is left (at most 30 days), and used when less than a sixth is left (at
/// most 7 days). If the clock jumped over the first point, the next key is still published for a while before it is used: a 24th of a life, at most a day.
/// </remarks>
internal static class RotationSchedule
{
    private static readonly TimeSpan MaxPrepareLead = TimeSpan.FromDays(30);
    private static readonly TimeSpan MaxActivateLead = TimeSpan.FromDays(7);
    private static readonly TimeSpan MaxPublication = TimeSpan.FromDays(1);

    /// <summary>What is due. After a step it may be asked again; it comes to <see cref="RotationStep.None"/>.</summary>
    public static RotationStep Next(DateTimeOffset now, KeyPeriod active, KeyPeriod? prepared)
    {
        if (!active.Contains(now)) return prepared is { } next && next.Contains(now) ? RotationStep.Activate : RotationStep.Replace;
        if (prepared is not { } waiting || waiting.NotAfter <= now) return now < PrepareAt(active) ? RotationStep.None : RotationStep.Prepare;
        return waiting.Contains(now) && now >= ActivateAt(active, waiting) ? RotationStep.Activate : RotationStep.None;
    }

    /// <summary>The moment at which <see cref="Next"/> will first say something else than nothing, if the clock runs steadily.</summary>
    public static DateTimeOffset NextChange(KeyPeriod active, KeyPeriod? prepared) =>
        prepared is { } waiting ? ActivateAt(active, waiting) : PrepareAt(active);

    private static DateTimeOffset PrepareAt(KeyPeriod active) => active.NotAfter - Min(active.Life / 2, MaxPrepareLead);

    private static DateTimeOffset ActivateAt(KeyPeriod active, KeyPeriod prepared)
    {
        TimeSpan publication = Min(active.Life / 24, MaxPublication);
        DateTimeOffset regular = active.NotAfter - Min(active.Life / 6, MaxActivateLead);
        DateTimeOffset published = prepared.NotBefore + publication;
        DateTimeOffset latest = active.NotAfter - publication;
        DateTimeOffset wanted = published > regular ? published : regular;
        return wanted < latest ? wanted : latest;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
