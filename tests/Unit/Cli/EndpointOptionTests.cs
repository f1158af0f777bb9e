using Spiffe.Agent.Cli;
using Spiffe.Agent.Cli.Options;

namespace Spiffe.Agent.Tests.Unit.Cli;

public sealed class EndpointOptionTests
{
    private readonly TestTerminal _terminal = new();

    [Fact]
    public void Flag_comes_before_variable_before_default()
    {
        Assert.Equal("unix:///run/spiffe/workload.sock", EndpointOption.Workload.Resolve(null, _terminal.Terminal).Text);
        Assert.Equal("unix:///run/spiffe-agent/admin.sock", EndpointOption.Admin.Resolve(null, _terminal.Terminal).Text);
        _terminal.Environment["SPIFFE_ENDPOINT_SOCKET"] = "";
        Assert.Equal("unix:///run/spiffe/workload.sock", EndpointOption.Workload.Resolve(null, _terminal.Terminal).Text);
        _terminal.Environment["SPIFFE_ENDPOINT_SOCKET"] = "unix:///tmp/env.sock";
        _terminal.Environment["SPIFFE_AGENT_ADMIN_SOCKET"] = "unix:///tmp/admin.sock";
        Assert.Equal("unix:///tmp/env.sock", EndpointOption.Workload.Resolve(null, _terminal.Terminal).Text);
        Assert.Equal("unix:///tmp/admin.sock", EndpointOption.Admin.Resolve(null, _terminal.Terminal).Text);
        Assert.Equal("unix:///tmp/flag.sock", EndpointOption.Workload.Resolve("unix:///tmp/flag.sock", _terminal.Terminal).Text);
    }

    [Theory]
    [InlineData("unix:///run/a.sock", "unix:///run/a.sock")]
    [InlineData("UNIX:/run/a.sock", "unix:///run/a.sock")]
    [InlineData("tcp://127.0.0.1:8080", "tcp://127.0.0.1:8080")]
    [InlineData("tcp://[::1]:8080", "tcp://[::1]:8080")]
    public void Address_of_the_standard_is_read(string text, string expected) => Assert.Equal(expected, EndpointOption.Workload.Resolve(text, _terminal.Terminal).Text);

    [Theory]
    [InlineData("unix://run/a.sock")]
    [InlineData("unix:run/a.sock")]
    [InlineData("unix:///run/a.sock?x=1")]
    [InlineData("/run/a.sock")]
    [InlineData("@abstract")]
    [InlineData("tcp://localhost:8080")]
    [InlineData("tcp://127.0.0.1")]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData("tcp://127.0.0.1:99999")]
    [InlineData("tcp://127.0.0.1:80/x")]
    [InlineData("tcp://1:80")]
    [InlineData("tcp://::1:80")]
    [InlineData("http://127.0.0.1:80")]
    public void Other_address_is_refused_and_says_where_it_came_from(string text)
    {
        _terminal.Environment["SPIFFE_ENDPOINT_SOCKET"] = text;
        Fault fault = Assert.Throws<FaultException>(() => EndpointOption.Workload.Resolve(null, _terminal.Terminal)).Fault;
        Assert.Equal((ExitCodes.Usage, "$SPIFFE_ENDPOINT_SOCKET", text), (fault.ExitCode, fault.What, fault.Value));
        Assert.NotEqual("", fault.Remedy);
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("10s", 10)]
    [InlineData("2m", 120)]
    [InlineData("24h", 86_400)]
    public void Wait_is_read(string text, double seconds)
    {
        Assert.True(WaitText.TryParse(text, out TimeSpan wait));
        Assert.Equal(seconds, wait.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("25h")]
    [InlineData("999999999h")]
    [InlineData("1000000000s")]
    [InlineData("1.5s")]
    public void Other_wait_is_refused(string text) => Assert.False(WaitText.TryParse(text, out _));
}
