using System.Diagnostics;
using System.Security.Cryptography;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Authority.Revocation;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Authority.Revocation;

/// <summary>Our status lists as Python's zlib, base64 and json read them, which is what most relying parties' libraries come down to.</summary>
public sealed class PythonStatusListTests
{
    private const string Read = """
        import base64, json, sys, zlib
        raw = lambda part: base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        claims = json.loads(raw(sys.stdin.read().strip().split(".")[1]))["status_list"]
        statuses = zlib.decompress(raw(claims["lst"]))
        print(claims["bits"], "".join(str(statuses[i // 4] >> i % 4 * 2 & 3) for i in range(len(statuses) * 4)))
        """;

    [RequiresToolFact("python3")]
    public async Task Python_reads_the_states_that_were_written()
    {
        using EmbeddedAuthority authority = new(new AuthorityOptions { TrustDomain = TrustDomain.Parse("example.org") }, TimeProvider.System);
        byte[] statuses = RandomNumberGenerator.GetBytes(4096);
        StatusListToken token = authority.SignStatusList(new StatusListRequest
        {
            Uri = "https://node.example.org/status/1",
            Statuses = statuses,
            TimeToLive = TimeSpan.FromSeconds(15),
            Lifetime = TimeSpan.FromSeconds(60),
        });

        using Process python = Process.Start(new ProcessStartInfo("python3", ["-c", Read]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await python.StandardInput.WriteAsync(token.Token);
        python.StandardInput.Close();
        string read = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();

        string expected = string.Concat(Enumerable.Range(0, statuses.Length * StatusBits.PerByte).Select(i => (char)('0' + StatusBits.Get(statuses, i))));
        Assert.Equal($"2 {expected}", read.Trim());
    }
}
