using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>Whether one way in which others learn of a credential refuses those of a task that is over.</summary>
/// <param name="Channel">Which way.</param>
/// <param name="Tested">How many credentials it was asked about, by number.</param>
/// <param name="Accepted">Numbers of those that it does not refuse: none, where all is well.</param>
public sealed record ChannelCheck(string Channel, int Tested, ImmutableArray<string> Accepted);
