using System.Collections.Immutable;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>Takes whatever it is given through all of the engine. Whatever that throws, the test fails.</summary>
internal static class Survival
{
    /// <summary>Parses, and if that succeeds decides.</summary>
    /// <returns>Whether all three could be read.</returns>
    public static bool Run(string policies, byte[] entities, byte[] request)
    {
        bool areEntities = EntityJson.TryParse(entities, out EntityStore? store, out JsonFault? fault);
        Assert.Equal(areEntities, fault is null);
        bool isRequest = RequestJson.TryParse(request, null, out AuthorizationRequest? question, out fault);
        Assert.Equal(isRequest, fault is null);
        bool isRead = TryRead(policies, out PolicySet? set);
        if (!areEntities || !isRequest || !isRead) return false;

        AuthorizationDecision decision = set!.Decide(question!, store!);
        foreach (PolicyError error in decision.Errors) Assert.InRange(error.Error.Span.End, error.Error.Span.Start, policies.Length);
        return true;
    }

    private static bool TryRead(string source, out PolicySet? set)
    {
        set = null;
        bool isRead = PolicyParser.TryParse(source, out PolicyText? text, out ImmutableArray<SyntaxError> errors);
        Assert.Equal(isRead, errors.IsEmpty);
        foreach (SyntaxError error in errors)
        {
            Assert.InRange(error.Span.Start, 0, source.Length);
            Assert.InRange(error.Span.End, error.Span.Start, source.Length);
            Assert.NotEmpty(error.Message);
        }

        return isRead && PolicySet.TryCompile(text!.Statements.Where(statement => !statement.IsTemplate), out set, out _);
    }
}
