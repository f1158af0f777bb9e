namespace Spiffe.Agent.Authority.Rotation;

/// <summary>When a signing key may be used: from <paramref name="NotBefore"/> on, until before <paramref name="NotAfter"/>.</summary>
internal readonly record struct KeyPeriod(DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    public TimeSpan Life => NotAfter - NotBefore;

    public bool Contains(DateTimeOffset now) => NotBefore <= now && now < NotAfter;
}
