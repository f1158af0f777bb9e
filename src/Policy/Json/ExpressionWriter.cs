using System.Runtime.CompilerServices;
using System.Text.Json;
using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Json;

/// <summary>Writes expressions. Cedar docs, "JSON policy format", JsonExpr.</summary>
internal sealed class ExpressionWriter(Utf8JsonWriter writer)
{
    // Optimised at once, all five: the stack must hold a frame of each for each level.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(Expression expression)
    {
        writer.WriteStartObject();
        switch (expression)
        {
            case BooleanLiteral literal:
                writer.WriteBoolean("Value", literal.Value);
                break;
            case LongLiteral literal:
                writer.WriteNumber("Value", literal.Value);
                break;
            case StringLiteral literal:
                writer.WriteString("Value", literal.Value);
                break;
            case EntityLiteral literal:
                writer.WriteStartObject("Value");
                writer.WritePropertyName("__entity");
                WriteUid(writer, literal.Uid);
                writer.WriteEndObject();
                break;
            case VariableExpression variable:
                writer.WriteString("Var", OperatorNames.Of(variable.Variable));
                break;
            case ConditionalExpression conditional:
                WriteNode("if-then-else", ("if", conditional.Test), ("then", conditional.Then), ("else", conditional.Else));
                break;
            case AndExpression and:
                WriteNode("&&", ("left", and.Left), ("right", and.Right));
                break;
            case OrExpression or:
                WriteNode("||", ("left", or.Left), ("right", or.Right));
                break;
            case UnaryExpression unary:
                WriteNode(OperatorNames.Unary[unary.Operator], ("arg", unary.Operand));
                break;
            case BinaryExpression binary:
                WriteNode(OperatorNames.Binary[binary.Operator], ("left", binary.Left), ("right", binary.Right));
                break;
            default:
                WriteOther(expression);
                break;
        }

        writer.WriteEndObject();
    }

    public static void WriteUid(Utf8JsonWriter writer, EntityUid uid)
    {
        writer.WriteStartObject();
        writer.WriteString("type", uid.Type);
        writer.WriteString("id", uid.Id);
        writer.WriteEndObject();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteOther(Expression expression)
    {
        switch (expression)
        {
            case AttributeExpression attribute:
                Open(".", attribute.Operand);
                writer.WriteString("attr", attribute.Name);
                writer.WriteEndObject();
                break;
            case HasExpression { Path: [var only] } has:
                Open("has", has.Operand);
                writer.WriteString("attr", only);
                writer.WriteEndObject();
                break;
            case HasExpression has:
                Open("has", has.Operand);
                writer.WriteStartArray("attr");
                foreach (string name in has.Path) writer.WriteStringValue(name);
                writer.WriteEndArray();
                writer.WriteEndObject();
                break;
            case LikeExpression like:
                Open("like", like.Operand);
                WritePattern(like.Pattern);
                writer.WriteEndObject();
                break;
            case IsExpression type:
                Open("is", type.Operand);
                writer.WriteString("entity_type", type.EntityType);
                if (type.In is not null)
                {
                    writer.WritePropertyName("in");
                    Write(type.In);
                }

                writer.WriteEndObject();
                break;
            case SetExpression set:
                WriteAll("Set", set.Elements);
                break;
            case ExtensionCall call:
                WriteAll(ExtensionFunctions.SignatureOf(call.Function).Name, call.Arguments);
                break;
            case RecordExpression record:
                WriteNode("Record", [.. record.Fields.Select(field => (field.Name, field.Value))]);
                break;
        }
    }

    private void WritePattern(LikePattern pattern)
    {
        writer.WriteStartArray("pattern");
        for (int i = 0; i < pattern.Parts.Length; i++)
        {
            if (i > 0) writer.WriteStringValue("Wildcard");
            if (pattern.Parts[i].Length == 0) continue;
            writer.WriteStartObject();
            writer.WriteString("Literal", pattern.Parts[i]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Open(string name, Expression operand)
    {
        writer.WriteStartObject(name);
        writer.WritePropertyName("left");
        Write(operand);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteNode(string name, params ReadOnlySpan<(string Member, Expression Value)> members)
    {
        writer.WriteStartObject(name);
        foreach ((string member, Expression value) in members)
        {
            writer.WritePropertyName(member);
            Write(value);
        }

        writer.WriteEndObject();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteAll(string name, IEnumerable<Expression> expressions)
    {
        writer.WriteStartArray(name);
        foreach (Expression expression in expressions) Write(expression);
        writer.WriteEndArray();
    }
}
