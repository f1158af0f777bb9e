using System.Globalization;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>
/// One request against one ceiling. Among details that are neither counted nor steps, every pair meets, and the result is the largest grant within both. Counted uses are shared out
/// in canonical order, first to details that are wholly within the ceiling; so the result is within both and, where the request fits, the request.
/// </summary>
internal sealed class GrantMeeting
{
    private readonly AuthorizationDetails _requested;
    private readonly GrantCeiling _ceiling;
    private readonly long?[] _left;
    private readonly List<AuthorizationDetail> _effective = [];
    private readonly List<DroppedGrant> _dropped = [];
    private int _length = 2;

    public GrantMeeting(AuthorizationDetails requested, GrantCeiling ceiling)
    {
        _requested = requested;
        _ceiling = ceiling;
        _left = [.. ceiling.Grant.Items.Select(detail => detail.Constraints.MaxUses)];
    }

    public GrantMeet Run()
    {
        if (_requested.IsWithin(_ceiling.Grant)) return new GrantMeet(_requested, []);
        if (_requested.IsEverything) return new GrantMeet(_ceiling.Grant, []);
        if (_ceiling.Grant.IsWithin(_requested)) _effective.AddRange(_ceiling.Grant.Items);
        else foreach (AuthorizationDetail detail in _requested.Items) Share(detail);
        AuthorizationDetails effective = AuthorizationDetails.Create(WithoutGaps());
        foreach (AuthorizationDetail detail in _requested.Items) _dropped.AddRange(LostParts.Of(detail, effective.Items, _ceiling));

        // Nothing lost by itself, and yet less: details that ask for the same share its uses.
        if (_dropped.Count == 0) _dropped.AddRange(_requested.Items.Except(effective.Items).Select(detail => new DroppedGrant(detail, DetailMember.MaxUses, $"max_uses: {_ceiling.Name} leaves fewer uses to share")));
        return new GrantMeet(effective, [.. _dropped]);
    }

    private void Share(AuthorizationDetail detail)
    {
        long? left = detail.Constraints.MaxUses;
        foreach (int at in Candidates(detail))
        {
            AuthorizationDetail ceiling = _ceiling.Grant.Items[at];
            if (!TryStep(detail, ceiling, out int? step) || DetailOrder.Meet(detail, ceiling, out _) is not { } common) continue;
            long? uses = Least(Least(left, _left[at]), common.Constraints.MaxUses);
            if (uses <= 0) continue;
            AuthorizationDetail granted = common.With(common.Constraints with { MaxUses = uses, Order = step });
            if (_effective.Contains(granted)) continue;
            if (_effective.Count >= GrantLimits.MaxDetails || _length + granted.Canonical.Length + 1 > GrantLimits.MaxJsonLength) return;
            _effective.Add(granted);
            _length += granted.Canonical.Length + 1;
            left -= uses;
            _left[at] -= uses;
        }
    }

    /// <summary>Where the detail is wholly within first, the uncounted before the counted.</summary>
    private IEnumerable<int> Candidates(AuthorizationDetail detail) => Enumerable.Range(0, _ceiling.Grant.Items.Length)
        .OrderBy(at => !DetailOrder.IsWithin(detail, _ceiling.Grant.Items[at])).ThenBy(at => _left[at] is not null).ThenBy(at => at);

    // Where only one side has a sequence, that one counts; where both have, steps meet the same step only.
    private bool TryStep(AuthorizationDetail detail, AuthorizationDetail ceiling, out int? step)
    {
        step = detail.Constraints.Order ?? ceiling.Constraints.Order;
        return !_requested.HasSteps || !_ceiling.Grant.HasSteps || detail.Constraints.Order == ceiling.Constraints.Order;
    }

    /// <summary>A step whose earlier steps are not granted could never be used: it is not granted either.</summary>
    private IEnumerable<AuthorizationDetail> WithoutGaps()
    {
        int reachable = AuthorizationDetails.LastReachableStep(_effective);
        foreach (AuthorizationDetail detail in _effective.Where(detail => detail.Constraints.Order > reachable))
        {
            _dropped.Add(new DroppedGrant(detail, DetailMember.Order, string.Create(CultureInfo.InvariantCulture, $"step {detail.Constraints.Order} could never be used: step {reachable + 1} is not granted")));
        }

        return _effective.Where(detail => detail.Constraints.Order is not { } order || order <= reachable);
    }

    private static long? Least(long? a, long? b) => a is null || b < a ? b : a;
}
