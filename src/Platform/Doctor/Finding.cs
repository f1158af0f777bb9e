namespace Spiffe.Agent.Platform.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">Short and stable, for machines: <c>pidfd</c>.</param>
/// <param name="Holds">Whether it is as it should be.</param>
/// <param name="Detail">What was seen and, where it does not hold, what that means and what to do.</param>
public sealed record Finding(string Name, bool Holds, string Detail);
