using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>
/// Which detail of a larger grant each detail of a smaller one comes from, so that nobody gets more by splitting: details that come from a counted one have no more uses
/// together than it has. Sequences keep their meaning in one of two ways: every step comes from the same step and what is no step from none, or everything comes
/// from what is no step (then the smaller grant's sequence is its own). Both ways compose, so the relation is transitive; see docs/vectors/grant-algebra.json.
/// Finding a fit of counts is a packing problem: after <see cref="GrantLimits.MaxCoverSteps"/> attempts the answer is no.
/// </summary>
internal sealed class GrantCover
{
    private readonly ImmutableArray<AuthorizationDetail> _outer;
    private readonly List<(int Inner, long Uses, int[] Choices)> _counted = [];
    private readonly long[] _left;
    private readonly int[] _from;
    private int _steps = GrantLimits.MaxCoverSteps;

    private GrantCover(ImmutableArray<AuthorizationDetail> inner, ImmutableArray<AuthorizationDetail> outer)
    {
        _outer = outer;
        _left = [.. outer.Select(detail => detail.Constraints.MaxUses ?? long.MaxValue)];
        _from = new int[inner.Length];
    }

    /// <summary>For each inner detail the index of the outer one that it comes from; null where the inner grant is not within the outer.</summary>
    public static int[]? Find(ImmutableArray<AuthorizationDetail> inner, ImmutableArray<AuthorizationDetail> outer) =>
        Find(inner, outer, static (step, from) => step == from) ?? Find(inner, outer, static (_, from) => from is null);

    /// <summary>The same, where everything comes from what is no step.</summary>
    public static int[]? FindWithoutSteps(ImmutableArray<AuthorizationDetail> inner, ImmutableArray<AuthorizationDetail> outer) => Find(inner, outer, static (_, from) => from is null);

    private static int[]? Find(ImmutableArray<AuthorizationDetail> inner, ImmutableArray<AuthorizationDetail> outer, Func<int?, int?, bool> mayBe)
    {
        GrantCover cover = new(inner, outer);
        for (int i = 0; i < inner.Length; i++)
        {
            if (!cover.TryChoose(i, inner[i], mayBe)) return null;
        }

        cover._counted.Sort(static (a, b) => b.Uses != a.Uses ? b.Uses.CompareTo(a.Uses) : a.Inner.CompareTo(b.Inner));
        return cover.TryFit(0) ? cover._from : null;
    }

    private bool TryChoose(int at, AuthorizationDetail detail, Func<int?, int?, bool> mayBe)
    {
        List<int> choices = [];
        for (int j = 0; j < _outer.Length; j++)
        {
            if (!mayBe(detail.Constraints.Order, _outer[j].Constraints.Order) || !DetailOrder.IsWithin(detail, _outer[j])) continue;
            if (_outer[j].Constraints.MaxUses is null)
            {
                _from[at] = j;
                return true;
            }

            choices.Add(j);
        }

        // Itself first: a grant is always within itself, whatever else would fit.
        choices.Sort((a, b) => detail.Equals(_outer[b]).CompareTo(detail.Equals(_outer[a])) is not 0 and int order ? order : a.CompareTo(b));
        if (choices.Count > 0) _counted.Add((at, detail.Constraints.MaxUses!.Value, [.. choices]));
        return choices.Count > 0;
    }

    private bool TryFit(int next)
    {
        if (next == _counted.Count) return true;
        (int inner, long uses, int[] choices) = _counted[next];
        foreach (int choice in choices)
        {
            if (_left[choice] < uses) continue;
            if (--_steps < 0) return false;
            _left[choice] -= uses;
            _from[inner] = choice;
            if (TryFit(next + 1)) return true;
            _left[choice] += uses;
        }

        return false;
    }
}
