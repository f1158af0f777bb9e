using Spiffe.Agent.Policy.Evaluation;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Authorization;

/// <summary>A policy made ready to run.</summary>
internal sealed class CompiledPolicy
{
    private readonly ScopeTest _principal;
    private readonly ScopeTest _action;
    private readonly ScopeTest _resource;
    private readonly CompiledExpression[] _conditions;
    private readonly bool[] _wanted;

    public CompiledPolicy(PolicyStatement statement, int ordinal)
    {
        Id = statement.Id;
        Ordinal = ordinal;
        IsForbid = statement.Effect == PolicyEffect.Forbid;
        _principal = ScopeTest.Of(statement.Principal);
        _action = ScopeTest.Of(statement.Action);
        _resource = ScopeTest.Of(statement.Resource);
        _conditions = [.. statement.Conditions.Select(condition => ExpressionCompiler.Compile(condition.Body))];
        _wanted = [.. statement.Conditions.Select(condition => condition.Kind == ConditionKind.When)];
        Spans = [.. statement.Conditions.Select(condition => condition.Body.Span)];
    }

    public string Id { get; }

    /// <summary>Its place among the policies of its set.</summary>
    public int Ordinal { get; }

    public bool IsForbid { get; }

    private SourceSpan[] Spans { get; }

    /// <summary>Whether it applies: its scope matches and all conditions hold, looked at in order. Null where it failed.</summary>
    public bool? Applies(in EvaluationFrame frame, out EvaluationError? error)
    {
        error = null;
        if (!_action.Matches(frame.Action, frame.Entities) || !_principal.Matches(frame.Principal, frame.Entities) || !_resource.Matches(frame.Resource, frame.Entities)) return false;
        for (int i = 0; i < _conditions.Length; i++)
        {
            Value value = _conditions[i].Evaluate(frame);
            if (value.TryGet(out bool holds))
            {
                if (holds != _wanted[i]) return false;
                continue;
            }

            if (!value.TryGet(out error)) error = new EvaluationError(EvaluationErrorKind.WrongType, $"expected a bool, got {KindNames.Of(value.Kind)}", Spans[i]);
            return null;
        }

        return true;
    }
}
