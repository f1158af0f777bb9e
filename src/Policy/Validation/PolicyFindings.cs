using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>Collects errors of one policy: each but once, although every request environment finds it again, and at most <see cref="ValidationLimits.MaxErrorsPerPolicy"/>.</summary>
internal sealed class PolicyFindings(string policyId)
{
    private readonly HashSet<ValidationNotice> _errors = [];

    public IEnumerable<ValidationNotice> Errors => _errors.OrderBy(error => error.Span.Start).ThenBy(error => error.Message, StringComparer.Ordinal);

    public int Count => _errors.Count;

    public void Add(string message, SourceSpan span)
    {
        if (_errors.Count < ValidationLimits.MaxErrorsPerPolicy) _errors.Add(new ValidationNotice(policyId, message, span));
    }
}
