using System.Diagnostics;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop;

/// <summary>The Go client, built once from Debian's own libraries without any module download.</summary>
public sealed class GoClient : IAsyncLifetime
{
    /// <summary>What golang-google-grpc-dev installs.</summary>
    public const string Library = "/usr/share/gocode/src/google.golang.org/grpc/clientconn.go";

    public string Program { get; } = Repository.Path("artifacts", "interop", "go", "client");

    public async Task InitializeAsync()
    {
        if (Requirement.All(Requirement.Program("go"), Requirement.Program(Library)) is not null) return;
        ProcessStartInfo build = new("go", ["build", "-o", Program, Repository.Path("tests", "Interop", "Clients", "go", "client.go")]);
        build.Environment["GO111MODULE"] = "off";
        build.Environment["GOFLAGS"] = "";
        build.Environment["GOPATH"] = "/usr/share/gocode";
        build.Environment["GOCACHE"] = Repository.Path("artifacts", "interop", "go-cache");
        await ForeignClient.RunAsync(build);
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
