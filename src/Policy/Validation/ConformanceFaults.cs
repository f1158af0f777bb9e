using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>Collects faults, at most <see cref="ValidationLimits.MaxConformanceFaults"/>.</summary>
internal sealed class ConformanceFaults
{
    private readonly ImmutableArray<ConformanceFault>.Builder _faults = ImmutableArray.CreateBuilder<ConformanceFault>();

    public bool IsFull => _faults.Count >= ValidationLimits.MaxConformanceFaults;

    public void Add(string where, string message)
    {
        if (!IsFull) _faults.Add(new ConformanceFault(where, message));
    }

    public ImmutableArray<ConformanceFault> Close() => _faults.ToImmutable();
}
