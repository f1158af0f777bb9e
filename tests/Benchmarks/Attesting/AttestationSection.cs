using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Benchmarks.Attesting;

/// <summary>What it costs to say who a process is, by how much is asked. In this process, about this process.</summary>
internal static class AttestationSection
{
    private const int CallsPerRound = 100;

    public static void Run()
    {
        if (!PeerProcess.TryOpen(Environment.ProcessId, out PeerProcess? peer, out PeerRefusal refusal)) throw new InvalidOperationException($"{refusal}");
        using PeerProcess self = peer;
        AttestationOptions options = new();
        CgroupReader cgroups = new(new CgroupOptions());
        WorkloadAttestor attestor = new([new UnixAttestor(options, TimeProvider.System), new SilentService()], options, TimeProvider.System);
        EvidenceDemand uid = Demand(false, "unix uid:1"), path = Demand(false, "unix uid:1", "unix path:/x"), hash = Demand(false, "unix uid:1", "unix path:/x", "unix sha256:0");
        EvidenceDemand service = Demand(true, "unix uid:1", "silent x"), unneeded = Demand(false, "unix uid:1", "silent x");
        Attest(service); // What it said is kept from here on.
        byte[] buffer = new byte[4096];
        var results = Stopclock.Measure(
            CallsPerRound,
            ("floor: open, read, close /proc/PID/status", () =>
            {
                using SafeFileHandle file = File.OpenHandle("/proc/self/status");
                _ = RandomAccess.Read(file, buffer, 0);
            }
        ),
            ("liveness and ids alone", () => _ = self.Check()),
            ("cgroup: read and placed", () => _ = cgroups.Read(self)),
            ("uid", () => Attest(uid)),
            ("uid, a service that no entry could match by", () => Attest(unneeded)),
            ("uid and path", () => Attest(path)),
            ("uid, path and sha256 (hashed before)", () => Attest(hash)),
            ("live stream: uid", () => Reattest(uid)),
            ("live stream: uid and path", () => Reattest(path)),
            ("live stream: uid, path and sha256", () => Reattest(hash)),
            ("live stream: uid and a service's word", () => Reattest(service)));
        Stopclock.Print(results, results[0].Microseconds);

        void Attest(EvidenceDemand demand) => Expect(attestor.AttestAsync(self, demand, CancellationToken.None));

        void Reattest(EvidenceDemand demand) => Expect(attestor.ReattestAsync(self, demand, CancellationToken.None));
    }

    private static void Expect(ValueTask<AttestationResult> result)
    {
        if ((result.IsCompletedSuccessfully ? result.GetAwaiter().GetResult() : result.AsTask().GetAwaiter().GetResult()) is not AttestationResult.Attested)
            throw new InvalidOperationException("refused");
    }

    private static EvidenceDemand Demand(bool mightMatch, params string[] selectors) =>
        new(SelectorKinds.Of(selectors.Select(s => new Selector(s[..s.IndexOf(' ', StringComparison.Ordinal)], s[(s.IndexOf(' ', StringComparison.Ordinal) + 1)..]))), (_, _, _) => mightMatch);

    /// <summary>A service that answers at once, and nothing.</summary>
    private sealed class SilentService : IAttestor
    {
        public string Type => "silent";

        public ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken) => new(AttestorFindings.None);
    }
}
