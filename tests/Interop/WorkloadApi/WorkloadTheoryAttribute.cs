namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>A theory that needs what the client of a language needs.</summary>
public sealed class WorkloadTheoryAttribute : TheoryAttribute
{
    public WorkloadTheoryAttribute(Language language) => Skip = LanguageRequirement.Of(language);
}
