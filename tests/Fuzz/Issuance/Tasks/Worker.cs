using System.Diagnostics;
using Spiffe.Agent.Issuance.Admission;

namespace Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

/// <summary>A real child of this process that does nothing until it is killed, which it is in any case.</summary>
internal sealed class Worker : IDisposable
{
    private readonly Process _process = Process.Start(new ProcessStartInfo("sleep", "600"))!;

    public Worker() => Caller = TaskWorld.CallerOf(_process.Id);

    public int ProcessId => _process.Id;

    /// <summary>As it would call.</summary>
    public Caller Caller { get; }

    public bool IsAlive { get; private set; } = true;

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        IsAlive = false;
    }

    public void Dispose()
    {
        if (IsAlive) Kill();
        Caller.Dispose();
        _process.Dispose();
    }
}
