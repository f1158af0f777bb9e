using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>Collects syntax errors, at most <see cref="SyntaxLimits.MaxErrors"/> and one for each place.</summary>
internal sealed class ErrorList
{
    private readonly List<SyntaxError> _errors = [];

    public int Count => _errors.Count;

    public bool IsFull => _errors.Count >= SyntaxLimits.MaxErrors;

    public void Add(string message, SourceSpan span)
    {
        if (!IsFull && (_errors.Count == 0 || _errors[^1].Span != span)) _errors.Add(new SyntaxError(message, span));
    }

    public ImmutableArray<SyntaxError> ToImmutable() => [.. _errors];
}
