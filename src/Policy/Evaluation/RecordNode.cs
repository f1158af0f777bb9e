using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>A record whose fields are not all known beforehand.</summary>
/// <param name="names">In ordinal order, each once.</param>
/// <param name="fields">The fields in the same order.</param>
/// <param name="span">Where it was written.</param>
internal sealed class RecordNode(string[] names, CompiledExpression[] fields, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value[] values = new Value[fields.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = fields[i].Evaluate(frame);
            if (values[i].IsFailure) return values[i];
        }

        return Value.Of(new ValueRecord(names, values));
    }
}
