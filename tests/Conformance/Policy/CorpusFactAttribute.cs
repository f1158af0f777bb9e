namespace Spiffe.Agent.Tests.Conformance.Policy;

/// <summary>A fact that reads Cedar's corpus: from the folder that CEDAR_CORPUS names, or from the shared data. It skips where neither is there.</summary>
public sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute() => Skip = CedarSuite.Corpus is null ? "CEDAR_CORPUS names no folder, and shared/data/cedar is not beside the repository" : null;
}
