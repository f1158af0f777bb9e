using System.Diagnostics;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Interop.Audit;

/// <summary>The verifier in Go, built once from Debian's own libraries without any module download.</summary>
public sealed class GoVerifier : IAsyncLifetime
{
    private const string Library = "/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog/tlog.go";

    public static string? Missing => Requirement.All(Requirement.Program("go"), Requirement.Program(Library));

    public string Program { get; } = Repository.Path("artifacts", "interop", "go", "tlog");

    public async Task InitializeAsync()
    {
        if (Missing is not null) return;
        ProcessStartInfo build = new("go", ["build", "-o", Program, Repository.Path("tests", "Interop", "Clients", "go", "tlog", "verify.go")]);
        build.Environment["GO111MODULE"] = "off";
        build.Environment["GOFLAGS"] = "";
        build.Environment["GOPATH"] = "/usr/share/gocode";
        build.Environment["GOCACHE"] = Repository.Path("artifacts", "interop", "go-cache");
        await ForeignClient.RunAsync(build);
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
