using System.Text.Json;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Answers;

/// <summary>What <c>fetch jwt --output json</c> printed.</summary>
internal sealed class JwtFetch
{
    private readonly JsonElement _answer;

    private JwtFetch(JsonElement answer) => _answer = answer;

    /// <summary>The signatures of the tokens: what must be found nowhere else.</summary>
    internal IEnumerable<string> Secrets => _answer.GetProperty("svids").EnumerateArray().Select(svid => svid.GetProperty("token").GetString()!.Split('.')[2]);

    internal static JwtFetch Of(CommandResult result) => new(JsonDocument.Parse(result.Text).RootElement);

    internal string TokenOf(string spiffeId)
    {
        JsonElement svid = Assert.Single(_answer.GetProperty("svids").EnumerateArray());
        Assert.Equal(spiffeId, svid.GetProperty("spiffe_id").GetString());
        return svid.GetProperty("token").GetString()!;
    }
}
