using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Unit.Policy.Bounds;

/// <summary>Policies and requests for tests of what a decision costs at most.</summary>
internal static class Sources
{
    public static EntityUid Alice { get; } = new("User", "alice");

    public static EntityUid Read { get; } = new("Action", "read");

    public static EntityUid Report { get; } = new("Document", "report");

    public static PolicySet Compile(string source) =>
        PolicyParser.TryParse(source, out PolicyText? text, out var errors) ? PolicySet.Compile(text) : throw new ArgumentException(errors[0].ToString(), nameof(source));

    public static AuthorizationDecision Decide(string source) => Compile(source).Decide(Request(ValueRecord.Empty), EntityStore.Empty);

    public static AuthorizationDecision DecideCondition(string condition) => Decide($"permit(principal, action, resource) when {{ {condition} }};");

    public static AuthorizationRequest Request(ValueRecord context) => new(Alice, Read, Report, context);

    public static EntityData Entity(EntityUid uid, params EntityUid[] parents) => new(uid, ValueRecord.Empty, [.. parents], ValueRecord.Empty);

    public static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
