using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>What the expressions of one request see.</summary>
internal readonly struct EvaluationFrame(EntityUid principal, EntityUid action, EntityUid resource, ValueRecord context, EntityStore entities)
{
    public readonly EntityUid Principal = principal;
    public readonly EntityUid Action = action;
    public readonly EntityUid Resource = resource;
    public readonly ValueRecord Context = context;
    public readonly EntityStore Entities = entities;
}
