namespace Spiffe.Agent.Tests.E2E.Hosts;

/// <summary>The single file that users get, <c>artifacts/spiffe-agent</c>, published from the sources that are under test.</summary>
internal static class PublishedAgent
{
    private static readonly Lazy<Task<string>> Once = new(PublishAsync);

    /// <summary>Its path. Published once for all tests of a run.</summary>
    internal static Task<string> PathAsync() => Once.Value;

    private static async Task<string> PublishAsync()
    {
        CommandResult result = await Command.RunAsync(TimeSpan.FromMinutes(8), Repository.Locate("eng/publish"));
        return result.ExitCode == 0 ? Repository.Locate("artifacts/spiffe-agent") : throw new InvalidOperationException(result.ToString());
    }
}
