using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>One generation of one task, as its identity asks about it. Another generation has another: nothing of an earlier one is ever signed again.</summary>
internal sealed class GenerationTerms(LiveTask task, int generation, TaskCredentials credentials) : ITaskTerms
{
    public bool IsLive => task.Identity is { } current && ReferenceEquals(current.Task, this);

    public SvidTerms? Terms(SvidKind kind, IReadOnlyList<string> audiences) => IsLive ? credentials.Terms(task, generation, kind, audiences) : null;

    public Leaving Leaves(SvidKind kind, SvidTerms terms, SignedSvid signed) => credentials.Leaves(task, generation, kind, terms, signed);
}
