using Spiffe.Agent.Attestation.Attestors.Systemd;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Systemd;

/// <summary>A bus that has much to say costs no memory.</summary>
[Collection(nameof(Alone))]
public sealed class HostileBusMemoryTests
{
    [RequiresRootFact]
    public async Task Signals_of_any_length_are_passed_over_without_being_kept()
    {
        await using FakeBus bus = new();
        const int Megabytes = 32;
        byte[] signal = BusCall.Signal(Megabytes << 20); // As long as dbus-daemon lets any user send to anybody.
        SystemdAttestor attestor = Given.Attestor(bus.Path);
        _ = await attestor.AskAsync(needed: Given.Kinds("invocation_id"));
        bus.Instead = call => call.Member == "GetUnitByPIDFD" ? [signal, bus.Answer(call)] : null;
        long before = GC.GetTotalAllocatedBytes(precise: true);

        Assert.Single((await attestor.AskAsync(needed: Given.Kinds("invocation_id"))).Evidence);

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, Megabytes << 18);
        Assert.Equal(1, bus.Connections);
    }
}
