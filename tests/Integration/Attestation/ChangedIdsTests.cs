using System.Diagnostics;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation;

/// <summary>Ids are read off the owner of /proc/PID: a real process changes them, and stops being dumpable as it does.</summary>
public sealed class ChangedIdsTests : IDisposable
{
    private const uint Nobody = 65534;

    private readonly Process _process = Process.Start(new ProcessStartInfo("perl", ["-e", "$| = 1; <STDIN>; $( = $) = 65534; $< = $> = 65534; print \"changed\\n\"; sleep 600"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    [RequiresRootFact]
    public async Task Process_that_changes_its_ids_is_refused_and_known_by_its_new_ones()
    {
        Assert.True(PeerProcess.TryOpen(_process.Id, 0, 0, null, out PeerProcess? before, out _));
        using PeerProcess root = before;
        Assert.True(root.HasPidFd);
        Assert.Equal(PeerRefusal.None, root.Check());

        await _process.StandardInput.WriteLineAsync();
        Assert.Equal("changed", await _process.StandardOutput.ReadLineAsync());

        Assert.Equal(PeerRefusal.CredentialsChanged, root.Check());
        Assert.True(PeerProcess.TryOpen(_process.Id, Nobody, Nobody, null, out PeerProcess? after, out _));
        using PeerProcess nobody = after;
        Assert.Equal(PeerRefusal.None, nobody.Check()); // Although the files of a process that is not dumpable are root's: proc(5).
    }

    [RequiresRootFact]
    public async Task Process_that_has_exited_is_refused_though_its_directory_still_names_an_owner()
    {
        Assert.True(PeerProcess.TryOpen(_process.Id, 0, 0, null, out PeerProcess? peer, out _));
        using PeerProcess root = peer;
        _process.Kill();
        await _process.WaitForExitAsync();
        Assert.Equal(PeerRefusal.PeerExited, root.Check());
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
