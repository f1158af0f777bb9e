using System.Collections.Immutable;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Issuance;

/// <summary>What is seen of one process and what that earns it, for people. Nothing of it is secret, and nothing is issued.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Command">The name that the program gave itself: a label, not evidence.</param>
/// <param name="Fault">Why nothing can be said of it; null when something can.</param>
/// <param name="Evidence">Each selector with the place where it was read.</param>
/// <param name="Refused">Evidence that could not be taken or was not believed: attestor, what, reason.</param>
/// <param name="Matched">Entries that match; the first is the default identity.</param>
/// <param name="Nearly">Entries that one selector keeps from matching.</param>
public sealed record Explanation(
    int ProcessId,
    string Command,
    string? Fault,
    ImmutableArray<(Selector Selector, string Source)> Evidence,
    ImmutableArray<(string Attestor, string What, string Reason)> Refused,
    ImmutableArray<ExplainedEntry> Matched,
    ImmutableArray<ExplainedEntry> Nearly)
{
    internal static Explanation Failed(int processId, string fault) => new(processId, "", fault, [], [], [], []);
}
