using Spiffe.Agent.Rpc.Transport;

namespace Spiffe.Agent.Tests.Unit.Transport;

/// <summary>Workload Endpoint §4.</summary>
public sealed class EndpointUriTests
{
    [Theory]
    [InlineData("unix:///run/spiffe/workload.sock", "/run/spiffe/workload.sock")]
    [InlineData("unix:/run/spiffe/workload.sock", "/run/spiffe/workload.sock")]
    [InlineData("UNIX:///tmp/a", "/tmp/a")]
    public void Absolute_path_is_read(string text, string path)
    {
        Assert.True(EndpointUri.TryParse(text, out EndpointUri? uri, out _));
        Assert.Equal(path, uri.Path);
        Assert.Equal("unix://" + path, uri.ToString());
    }

    [Theory]
    [InlineData(null, "no address")]
    [InlineData("", "no address")]
    [InlineData("/run/spiffe/workload.sock", "not a unix address")]
    [InlineData("unix://run/spiffe.sock", "authority")]
    [InlineData("unix://localhost/run/spiffe.sock", "authority")]
    [InlineData("unix:run/spiffe.sock", "absolute")]
    [InlineData("unix:", "absolute")]
    [InlineData("unix:///", "directory")]
    [InlineData("unix:///run/", "directory")]
    [InlineData("unix:///run/../etc/x", "segments")]
    [InlineData("unix:////run/x", "segments")]
    [InlineData("unix:///run/x?y", "query")]
    [InlineData("unix:///run/x#y", "query")]
    [InlineData("unix:///run/%78", "percent")]
    [InlineData("unix:///run/a\nb", "control")]
    [InlineData("tcp://127.0.0.1:8081", "TCP is refused")]
    [InlineData("unix:@spire", "abstract")]
    [InlineData("unix://@spire", "abstract")]
    [InlineData("unix-abstract:spire", "abstract")]
    [InlineData("@spire", "abstract")]
    public void Anything_else_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(EndpointUri.TryParse(text, out _, out string? fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Path_of_107_bytes_is_read_and_of_108_refused_with_the_limit()
    {
        Assert.True(EndpointUri.TryParse("unix:///" + new string('a', 106), out _, out _));
        Assert.False(EndpointUri.TryParse("unix:///" + new string('a', 107), out _, out string? fault));
        Assert.Contains("108 bytes long; a Unix socket's path holds at most 107", fault, StringComparison.Ordinal);
        Assert.False(EndpointUri.TryParse("unix:///" + new string('ä', 54), out _, out _));
    }
}
