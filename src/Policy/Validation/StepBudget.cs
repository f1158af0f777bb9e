namespace Spiffe.Agent.Policy.Validation;

/// <summary>What is left of the work that may be spent on one policy.</summary>
internal sealed class StepBudget(int steps)
{
    private int _left = steps;

    public bool IsSpent => _left <= 0;

    /// <summary>False once there is nothing left.</summary>
    public bool TrySpend()
    {
        if (_left <= 0) return false;
        _left--;
        return true;
    }
}
