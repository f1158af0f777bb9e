using System.Text;

namespace Spiffe.Agent.Tests.TestKit.Kubelet;

/// <summary>What the fake kubelet sends back.</summary>
public sealed record KubeletAnswer
{
    public int Status { get; init; } = 200;

    public byte[] Body { get; init; } = [];

    /// <summary>What Content-Length claims; null for the truth.</summary>
    public long? ClaimedLength { get; init; }

    /// <summary>Further header lines, such as <c>Location: https://other/</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Sent when this is done.</summary>
    public Task After { get; init; } = Task.CompletedTask;

    public static KubeletAnswer Text(string body, int status = 200) => new() { Status = status, Body = Encoding.UTF8.GetBytes(body) };
}
