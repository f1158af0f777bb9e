using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Endpoints;
using Spiffe.Agent.Endpoints.Admin;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Tests.Unit.Cli;
using Spiffe.Agent.Tests.Unit.Issuance;
using Spiffe.Agent.Tests.Unit.Issuance.Inventory;

namespace Spiffe.Agent.Tests.Unit.Endpoints;

/// <summary>The inventory on its way: pieces that together are the document, and a signature only for somebody whom the kernel names.</summary>
public sealed class InventoryAdministrationTests
{
    private readonly TestTerminal _terminal = new();

    [Fact]
    public async Task A_document_of_many_pieces_comes_whole()
    {
        const int Entries = 4000;
        using IssuanceBench bench = new([.. Enumerable.Range(0, Entries).Select(i => IssuanceBench.For(string.Create(CultureInfo.InvariantCulture, $"unix:uid:{100_000 + i}"), string.Create(CultureInfo.InvariantCulture, $"/service/{i}")))]);
        await using FakeAgent agent = await ServeAsync(bench);
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["inventory", "--output", "json", "--admin-socket", agent.Uri]));
        Assert.True(_terminal.Out.Text.Length > 2 * InventoryAdministration.MaxPiece);
        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        Assert.Equal(Entries, json.RootElement.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Nobody_whom_the_kernel_does_not_name_gets_a_signature()
    {
        using FakeInventoryLog log = new();
        using IssuanceBench bench = new(new IssuanceParts { Log = log });
        await using FakeAgent agent = await ServeAsync(bench);
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Equal(ExitCodes.PermissionDenied, await _terminal.RunAsync(["inventory", "--signed", file, "--admin-socket", agent.Uri]));
        Assert.False(File.Exists(file));
        Assert.Empty(bench.Journal.All);
    }

    [Fact]
    public async Task Before_the_daemon_serves_it_is_unavailable()
    {
        await using FakeAgent agent = await ServeAsync(null);
        Assert.Equal(ExitCodes.Unavailable, await _terminal.RunAsync(["inventory", "--admin-socket", agent.Uri]));
    }

    private static Task<FakeAgent> ServeAsync(IssuanceBench? bench)
    {
        Serving serving = new();
        if (bench is not null) serving.Begin(bench.Service);
        return FakeAgent.StartAsync(FakeAgent.Admin().ServerStreaming<GetInventoryRequest, InventoryPiece>("GetInventory", GetInventoryRequest.Parser, new InventoryAdministration(serving).GetAsync));
    }
}
