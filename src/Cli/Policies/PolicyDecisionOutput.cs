using System.Collections.Immutable;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Cli.Policies;

/// <summary>A decision and the policies behind it, each with the place where it is written and what its author called it.</summary>
internal sealed class PolicyDecisionOutput
{
    private readonly AuthorizationDecision _decision;
    private readonly Dictionary<string, (PolicyFile File, PolicyStatement Statement)> _policies;

    public PolicyDecisionOutput(AuthorizationDecision decision, ImmutableArray<PolicyFile> files)
    {
        _decision = decision;
        _policies = files.SelectMany(f => f.Statements.Select(s => (File: f, Statement: s))).ToDictionary(p => p.Statement.Id, StringComparer.Ordinal);
    }

    public string Text(bool isStyled)
    {
        TextPage page = new TextPage(isStyled).Heading(_decision.IsAllowed ? "ALLOW" : "DENY", _decision.Reasons.IsEmpty ? "no policy permits it" : "");
        foreach (string id in _decision.Reasons) page.Field(_policies[id].Statement.Effect == PolicyEffect.Permit ? "permitted by" : "forbidden by", Name(id));
        foreach (PolicyError error in _decision.Errors) page.Field("skipped", $"{Name(error.PolicyId)}: {error.Error.Message} at {PositionOf(error)}");
        return page.ToString();
    }

    public string Json() => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteString("decision", _decision.IsAllowed ? "allow" : "deny");
        json.WriteTexts("reason", _decision.Reasons);
        json.WriteObjects("errors", _decision.Errors, (_, error) =>
        {
            json.WriteString("policy", error.PolicyId);
            json.WriteString("message", error.Error.Message);
            json.WriteNumber("line", PositionOf(error).Line);
            json.WriteNumber("column", PositionOf(error).Column);
        });
        json.WriteObjects("policies", _decision.Reasons.Concat(_decision.Errors.Select(e => e.PolicyId)).Distinct(StringComparer.Ordinal), (_, id) =>
        {
            (PolicyFile file, PolicyStatement statement) = _policies[id];
            json.WriteString("policy", id);
            json.WriteString("file", file.Place);
            json.WriteNumber("line", file.PositionOf(statement.Span).Line);
            if (Given(statement) is { } given) json.WriteString("id", given);
        });
    });

    private SourcePosition PositionOf(PolicyError error) => _policies[error.PolicyId].File.PositionOf(error.Error.Span);

    private string Name(string id)
    {
        (PolicyFile file, PolicyStatement statement) = _policies[id];
        string place = $"{id} ({file.Place}:{file.PositionOf(statement.Span).Line})";
        return Given(statement) is { } given ? $"{given}, {place}" : place;
    }

    /// <summary>What the annotation <c>@id("…")</c> calls it.</summary>
    private static string? Given(PolicyStatement statement) => statement.Annotations.FirstOrDefault(a => string.Equals(a.Name, "id", StringComparison.Ordinal))?.Value;
}
