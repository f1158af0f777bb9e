using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>A subject, or why there is none.</summary>
public readonly record struct SubjectVerification
{
    private SubjectVerification(DelegatedSubject? subject, SubjectRefusal refusal) => (Subject, Refusal) = (subject, refusal);

    [MemberNotNullWhen(true, nameof(Subject))]
    public bool IsAccepted => Subject is not null;

    public DelegatedSubject? Subject { get; }

    /// <summary><see cref="SubjectRefusal.None"/> exactly when there is a subject.</summary>
    public SubjectRefusal Refusal { get; }

    internal static SubjectVerification Accepted(DelegatedSubject subject) => new(subject, SubjectRefusal.None);

    internal static SubjectVerification Refused(SubjectRefusal refusal) => new(null, refusal);
}
