using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>Access that stands without a task: who answers for it, why, and until when somebody must have looked at it again.</summary>
/// <param name="Template">By its name.</param>
/// <param name="SpiffeId">Its identity.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Reason">Why it must stand.</param>
/// <param name="ReviewBy">The last day, UTC.</param>
/// <param name="DaysLeft">Days until then, 0 on the day itself; negative: it is overdue.</param>
/// <param name="IsOverdue">The day has passed: it stopped then.</param>
/// <param name="Calls">Calls of its holders that go on now.</param>
/// <param name="Selectors">What a caller must hold for it, as people may see it.</param>
public sealed record StandingException(
    string Template, string SpiffeId, string Owner, string Reason, DateOnly ReviewBy, int DaysLeft, bool IsOverdue, int Calls, ImmutableArray<string> Selectors);
