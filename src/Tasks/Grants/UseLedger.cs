using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>
/// How much of a grant is used: a value, each change gives the next one. Of every counted detail, what was used, what children hold and what remains make its maximum, always.
/// </summary>
public sealed class UseLedger
{
    private readonly ImmutableArray<long> _used;
    private readonly ImmutableArray<long> _handedOn;
    private readonly ImmutableHashSet<UseDebit> _open;

    /// <summary>Bit n-1: step n was used.</summary>
    private readonly ulong _steps;

    private UseLedger(AuthorizationDetails grant, ImmutableArray<long> used, ImmutableArray<long> handedOn, ImmutableHashSet<UseDebit> open, ulong steps) =>
        (Grant, _used, _handedOn, _open, _steps) = (grant, used, handedOn, open, steps);

    public AuthorizationDetails Grant { get; }

    /// <summary>
    /// What a child may be granted now: what has uses left, with as many uses as are left. Steps are left out: a sequence is walked by one task, so that handing one on never repeats or skips a step.
    /// </summary>
    public AuthorizationDetails Delegable => field ??= AuthorizationDetails.Create(Left().Select(left => left.Detail));

    /// <summary>The ledger of a grant of which nothing was used.</summary>
    public static UseLedger Of(AuthorizationDetails grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ImmutableArray<long> zeros = [.. new long[grant.Items.Length]];
        return new UseLedger(grant, zeros, zeros, [], 0);
    }

    /// <summary>How often the detail was used, by this task and by children that ended.</summary>
    public long Used(int index) => _used[index];

    /// <summary>Uses that live children hold of it.</summary>
    public long HandedOn(int index) => _handedOn[index];

    /// <summary>How often it may still be used; null where it is not counted.</summary>
    public long? Remaining(int index) => Grant.Items[index].Constraints.MaxUses - _used[index] - _handedOn[index];

    /// <summary>Uses one of the details that grant something (<see cref="AuthorizationDetails.Find"/>): an open step before the rest, the uncounted before the counted.</summary>
    /// <param name="granting">Their indexes.</param>
    /// <param name="now">Wall time.</param>
    /// <param name="next">The ledger after it; this one unless the answer is <see cref="UseOutcome.Counted"/>.</param>
    /// <param name="index">Which detail was used; -1 where none was.</param>
    /// <returns>Counted, or why the last that was tried may not be used.</returns>
    public UseOutcome TryUse(ImmutableArray<int> granting, DateTimeOffset now, out UseLedger next, out int index)
    {
        (next, index) = (this, -1);
        UseOutcome outcome = UseOutcome.NotGranted;
        foreach (int at in granting.Length < 2 ? granting : [.. granting.OrderBy(at => Grant.Items[at].Constraints.Order ?? int.MaxValue).ThenBy(at => Grant.Items[at].Constraints.MaxUses is not null)])
        {
            outcome = TryUse(at, now, out next);
            if (outcome != UseOutcome.Counted) continue;
            index = at;
            return outcome;
        }

        return outcome;
    }

    /// <summary>Uses one detail.</summary>
    public UseOutcome TryUse(int index, DateTimeOffset now, out UseLedger next)
    {
        next = this;
        GrantConstraints constraints = Grant.Items[index].Constraints;
        if (constraints.NotAfter is { } end && now.ToUnixTimeSeconds() > end) return UseOutcome.Expired;
        if (constraints.Order is { } step && !IsOpen(step)) return UseOutcome.OutOfOrder;
        if (Remaining(index) <= 0) return UseOutcome.Exhausted;
        ulong steps = constraints.Order is { } order ? _steps | Bit(order) : _steps;
        next = new UseLedger(Grant, _used.SetItem(index, _used[index] + 1), _handedOn, _open, steps);
        return UseOutcome.Counted;
    }

    /// <summary>Takes a child's grant out of what is left.</summary>
    /// <returns>False where the child's grant is not within <see cref="Delegable"/>.</returns>
    public bool TryDebit(AuthorizationDetails child, [NotNullWhen(true)] out UseDebit? debit, out UseLedger next)
    {
        ArgumentNullException.ThrowIfNull(child);
        (debit, next) = (null, this);
        (int Index, AuthorizationDetail Detail)[] left = [.. Left()];
        if (child.IsEverything || GrantCover.Find(child.Items, [.. left.Select(entry => entry.Detail)]) is not { } from) return false;
        ImmutableArray<long>.Builder handedOn = _handedOn.ToBuilder();
        ImmutableArray<(int Parent, long Uses)>.Builder lines = ImmutableArray.CreateBuilder<(int Parent, long Uses)>(child.Items.Length);
        for (int i = 0; i < child.Items.Length; i++)
        {
            (int parent, AuthorizationDetail detail) = left[from[i]];
            long uses = detail.Constraints.MaxUses is null ? 0 : child.Items[i].Constraints.MaxUses!.Value;
            handedOn[parent] += uses;
            lines.Add((parent, uses));
        }

        debit = new UseDebit(child.Digest, lines.ToImmutable());
        next = new UseLedger(Grant, _used, handedOn.ToImmutable(), _open.Add(debit), _steps);
        return true;
    }

    /// <summary>Takes back, once, what a child that ended did not use. What it handed on itself and did not get back counts as used, and so does everything when its grant was narrowed meanwhile.</summary>
    public UseLedger Return(UseDebit debit, UseLedger child)
    {
        ArgumentNullException.ThrowIfNull(debit);
        ArgumentNullException.ThrowIfNull(child);
        if (!_open.Contains(debit)) return this;
        bool isAsGiven = string.Equals(debit.ChildDigest, child.Grant.Digest, StringComparison.Ordinal);
        ImmutableArray<long>.Builder used = _used.ToBuilder(), handedOn = _handedOn.ToBuilder();
        for (int i = 0; i < debit.Lines.Length; i++)
        {
            (int parent, long uses) = debit.Lines[i];
            if (uses == 0) continue;
            handedOn[parent] -= uses;
            used[parent] += isAsGiven ? child._used[i] + child._handedOn[i] : uses;
        }

        return new UseLedger(Grant, used.ToImmutable(), handedOn.ToImmutable(), _open.Remove(debit), _steps);
    }

    /// <summary>Takes back, once, all that a live child was given, used or not: to be given out anew (<see cref="TryDebit"/>) before anybody uses anything.</summary>
    public UseLedger Reclaim(UseDebit debit)
    {
        ArgumentNullException.ThrowIfNull(debit);
        if (!_open.Contains(debit)) return this;
        ImmutableArray<long>.Builder handedOn = _handedOn.ToBuilder();
        foreach ((int parent, long uses) in debit.Lines) handedOn[parent] -= uses;
        return new UseLedger(Grant, _used, handedOn.ToImmutable(), _open.Remove(debit), _steps);
    }

    /// <summary>
    /// Goes on with a narrower grant: what was used stays used, steps that were taken stay taken. What children hold counts as used from now on.
    /// </summary>
    /// <returns>False where the other grant is not within this one.</returns>
    public bool TryNarrow(AuthorizationDetails narrower, [NotNullWhen(true)] out UseLedger? next)
    {
        ArgumentNullException.ThrowIfNull(narrower);
        next = null;
        if (narrower.Equals(Grant)) next = this;
        else if (!narrower.IsEverything && GrantCover.Find(narrower.Items, Grant.Items) is { } from)
        {
            long[] spent = [.. _used.Zip(_handedOn, (used, handedOn) => used + handedOn)];
            long[] used = new long[narrower.Items.Length];
            for (int i = 0; i < used.Length; i++)
            {
                // Several details may come from one: together they inherit what it spent. What was not counted has spent nothing of what is counted now.
                if (Grant.Items[from[i]].Constraints.MaxUses is null && narrower.Items[i].Constraints.MaxUses is not null) continue;
                used[i] = Math.Min(spent[from[i]], narrower.Items[i].Constraints.MaxUses ?? spent[from[i]]);
                spent[from[i]] -= used[i];
            }

            bool keepsSteps = narrower.Items.Zip(from).All(pair => pair.First.Constraints.Order == Grant.Items[pair.Second].Constraints.Order);
            next = new UseLedger(narrower, [.. used], [.. new long[used.Length]], [], keepsSteps ? _steps : 0);
        }

        return next is not null;
    }

    private static ulong Bit(int step) => 1UL << (step - 1);

    private bool IsOpen(int step)
    {
        ulong lower = Bit(step) - 1, higher = ~(lower | Bit(step));
        return (_steps & lower) == lower && (_steps & higher) == 0;
    }

    private IEnumerable<(int Index, AuthorizationDetail Detail)> Left()
    {
        for (int i = 0; i < Grant.Items.Length; i++)
        {
            AuthorizationDetail detail = Grant.Items[i];
            long? remaining = Remaining(i);
            if (detail.Constraints.Order is not null || remaining <= 0) continue;
            yield return (i, remaining is null ? detail : detail.With(detail.Constraints with { MaxUses = remaining }));
        }
    }
}
