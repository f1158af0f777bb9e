namespace Spiffe.Agent.Policy.Validation;

/// <summary>What is left of the work that may be spent on one policy.</summary>
/// <param name="total">Steps that may be spent.</param>
internal sealed class StepBudget(int total)
{
    /// <summary>Steps that were spent.</summary>
    public int Spent { get; private set; }

    public bool IsSpent => Spent >= total;

    /// <summary>False once there is nothing left.</summary>
    public bool TrySpend()
    {
        if (IsSpent) return false;
        Spent++;
        return true;
    }
}
