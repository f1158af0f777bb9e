using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Unix;
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
        WorkloadAttestor attestor = new([new UnixAttestor(options, TimeProvider.System)], options, TimeProvider.System);
        SelectorKinds uid = Kinds("uid:1"), path = Kinds("uid:1", "path:/x"), hash = Kinds("uid:1", "path:/x", "sha256:0");
        byte[] buffer = new byte[4096];
        var results = Stopclock.Measure(
            CallsPerRound,
            ("floor: open, read, close /proc/PID/status", () =>
            {
                using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle("/proc/self/status");
                _ = RandomAccess.Read(file, buffer, 0);
            }
        ),
            ("liveness and ids alone", () => _ = self.Check()),
            ("uid", () => Attest(uid)),
            ("uid and path", () => Attest(path)),
            ("uid, path and sha256 (hashed before)", () => Attest(hash)));
        Stopclock.Print(results, results[0].Microseconds);

        void Attest(SelectorKinds kinds)
        {
            ValueTask<AttestationResult> result = attestor.AttestAsync(self, kinds, CancellationToken.None);
            if (result.AsTask().GetAwaiter().GetResult() is not AttestationResult.Attested) throw new InvalidOperationException("refused");
        }
    }

    private static SelectorKinds Kinds(params string[] values) => SelectorKinds.Of(values.Select(v => new Selector("unix", v)));
}
