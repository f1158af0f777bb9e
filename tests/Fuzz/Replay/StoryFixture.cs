namespace Spiffe.Agent.Tests.Fuzz.Replay;

/// <summary>One story, told once for all who change it.</summary>
public sealed class StoryFixture : IAsyncLifetime
{
    internal RecordedLog Log { get; private set; } = null!;

    public async Task InitializeAsync() => Log = await Story.TellAsync();

    public Task DisposeAsync() => Task.CompletedTask;
}
