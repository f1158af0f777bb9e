using Spiffe.Agent.Attestation.Binding;

namespace Spiffe.Agent.Tests.Unit.Attestation.Binding;

/// <summary>Numbers of wait(2).</summary>
public sealed class ProcessExitTests
{
    [Theory]
    [InlineData(0x0000, 0, null, "exit code 0")]
    [InlineData(0x0700, 7, null, "exit code 7")]
    [InlineData(0xff00, 255, null, "exit code 255")]
    [InlineData(0x0009, null, 9, "signal 9")]
    [InlineData(0x008b, null, 11, "signal 11")] // With a core dump.
    public void Status_of_wait_is_read(int status, int? code, int? signal, string shown)
    {
        ProcessExit exit = ProcessExit.FromWaitStatus(status);
        Assert.Equal(new ProcessExit(code, signal), exit);
        Assert.Equal(shown, exit.ToString());
        Assert.True(exit.IsKnown);
        Assert.Equal(code == 0, exit.IsSuccess);
    }

    [Fact]
    public void Unknown_end_is_no_success()
    {
        Assert.False(ProcessExit.Unknown.IsKnown);
        Assert.False(ProcessExit.Unknown.IsSuccess);
        Assert.Equal("exited, how is not known", ProcessExit.Unknown.ToString());
    }
}
