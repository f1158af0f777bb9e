using System.Collections.Immutable;

namespace Spiffe.Agent.Replay.Tasks;

/// <summary>A permitted action whose turn, by the order of the log, had not come. Permissions are written down when their token is signed, which is done by several at once.</summary>
/// <param name="Seq">The entry.</param>
/// <param name="Granting">The rights that allow it.</param>
/// <param name="At">When it was judged.</param>
internal readonly record struct EarlyStep(long Seq, ImmutableArray<int> Granting, DateTimeOffset At);
