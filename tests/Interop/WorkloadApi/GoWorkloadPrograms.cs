using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>The example and the client of the cases, built as examples/go/build does for users.</summary>
public sealed class GoWorkloadPrograms : IAsyncLifetime
{
    private static readonly string Folder = Repository.Path("artifacts", "interop", "go");

    internal WorkloadClient Client { get; } = new(Path.Combine(Folder, "workloadclient"), []);

    internal WorkloadClient Example { get; } = new(Path.Combine(Folder, "watch"), []);

    public async Task InitializeAsync()
    {
        if (LanguageRequirement.Of(Language.Go) is not null) return;
        string build = Repository.Path("examples", "go", "build");
        await ForeignClient.RunAsync(new(build, [Folder, Repository.Path("tests", "Interop", "WorkloadApi", "Clients", "go", "workloadclient")]));
        await ForeignClient.RunAsync(new(build, [Folder]));
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
