using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Json;

/// <summary>Reads expressions; null where one was refused. Cedar docs, "JSON policy format", JsonExpr.</summary>
internal sealed class ExpressionReader(JsonReading reading)
{
    private readonly ValueReader _values = new(reading);

    public Expression? Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != 1) return Refused("expected an expression: an object with one member");
        JsonProperty only = element.EnumerateObject().First();
        reading.Enter(only.Name);
        Expression? expression = Read(only.Name, only.Value);
        if (expression is { Depth: > SyntaxLimits.MaxDepth }) return Refused("the expression is more than 500 deep");
        if (expression is not null) reading.Leave();
        return expression;
    }

    // Optimised at once, to keep its frame small: the stack must hold one for each level.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Expression? Read(string name, JsonElement content) => name switch
    {
        "Value" => _values.TryValue(content, null, out Value value) ? LiteralExpressions.Of(value) : null,
        "Var" => Variable(content),
        "Slot" or "Unknown" => Refused("slots stand in the scope alone, and there are no unknowns"),
        "if-then-else" => Member(content, "if") is { } test && Member(content, "then") is { } then && Member(content, "else") is { } otherwise
            ? new ConditionalExpression(test, then, otherwise, default) : null,
        "&&" => Pair(content) is var (left, right) ? new AndExpression(left, right, default) : null,
        "||" => Pair(content) is var (left, right) ? new OrExpression(left, right, default) : null,
        "." => Text(content, "attr", out string? attribute) && Member(content, "left") is { } owner ? new AttributeExpression(owner, attribute, default) : null,
        "has" => Has(content),
        "is" => Is(content),
        "like" => Like(content),
        "Set" => All(content) is { } elements ? new SetExpression(elements, default) : null,
        "Record" => Record(content),
        _ when OperatorNames.UnaryByName.TryGetValue(name, out UnaryOperator unary) => Member(content, "arg") is { } operand ? new UnaryExpression(unary, operand, default) : null,
        _ when OperatorNames.BinaryByName.TryGetValue(name, out BinaryOperator binary) => Pair(content) is var (left, right) ? new BinaryExpression(binary, left, right, default) : null,
        _ when ExtensionFunctions.TryFind(name, out ExtensionFunction function) => Call(function, content),
        _ => Refused($"there is no operator or function {StringEscape.Quote(name)}"),
    };

    private VariableExpression? Variable(JsonElement content)
    {
        if (!reading.TryText(content, out string? name)) return null;
        foreach (PolicyVariable variable in Enum.GetValues<PolicyVariable>())
        {
            if (string.Equals(OperatorNames.Of(variable), name, StringComparison.Ordinal)) return new VariableExpression(variable, default);
        }

        reading.Refuse("expected principal, action, resource or context");
        return null;
    }

    private HasExpression? Has(JsonElement content)
    {
        if (Member(content, "left") is not { } owner) return null;
        if (!content.TryGetProperty("attr", out JsonElement attr)) return Refused<HasExpression>("expected an object with attr");
        if (attr.ValueKind != JsonValueKind.Array) return reading.TryText(attr, out string? only) ? new HasExpression(owner, [only], default) : null;
        ImmutableArray<string>.Builder path = ImmutableArray.CreateBuilder<string>();
        foreach (JsonElement item in attr.EnumerateArray())
        {
            if (!reading.TryText(item, out string? name)) return null;
            if (!Names.IsIdentifier(name)) return Refused<HasExpression>("names of a path are identifiers");
            path.Add(name);
        }

        return path.Count > 0 ? new HasExpression(owner, path.ToImmutable(), default) : Refused<HasExpression>("a path has a name or more");
    }

    private IsExpression? Is(JsonElement content)
    {
        if (Member(content, "left") is not { } operand || !Text(content, "entity_type", out string? type)) return null;
        if (!Names.IsPath(type)) return Refused<IsExpression>($"{StringEscape.Quote(type)} is no name of a type");
        if (!content.TryGetProperty("in", out _)) return new IsExpression(operand, type, null, default);
        return Member(content, "in") is { } container ? new IsExpression(operand, type, container, default) : null;
    }

    private LikeExpression? Like(JsonElement content)
    {
        if (Member(content, "left") is not { } operand) return null;
        if (!content.TryGetProperty("pattern", out JsonElement pattern) || pattern.ValueKind != JsonValueKind.Array) return Refused<LikeExpression>("expected an array as the pattern");
        ImmutableArray<string>.Builder parts = ImmutableArray.CreateBuilder<string>();
        StringBuilder part = new(); // Of any number of literals: joined one by one, they would cost the square of it.
        foreach (JsonElement item in pattern.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && item.ValueEquals("Wildcard"))
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else if (item.ValueKind == JsonValueKind.Object && Text(item, "Literal", out string? literal)) part.Append(literal);
            else return Refused<LikeExpression>("expected \"Wildcard\" or an object with Literal");
        }

        parts.Add(part.ToString());
        return new LikeExpression(operand, new LikePattern(parts.ToImmutable()), default);
    }

    private RecordExpression? Record(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Object) return Refused<RecordExpression>("expected an object");
        if (content.GetPropertyCount() > ValueLimits.MaxFields) return Refused<RecordExpression>("a record has at most 100,000 fields");
        ImmutableArray<RecordField>.Builder fields = ImmutableArray.CreateBuilder<RecordField>();
        foreach (JsonProperty property in content.EnumerateObject())
        {
            if (Read(property.Value) is not { } value) return null;
            fields.Add(new RecordField(property.Name, value, default));
        }

        return new RecordExpression(fields.ToImmutable(), default);
    }

    private ExtensionCall? Call(ExtensionFunction function, JsonElement content)
    {
        if (All(content) is not { } arguments) return null;
        bool lacksReceiver = arguments.IsEmpty && ExtensionFunctions.SignatureOf(function).IsMethod;
        return lacksReceiver ? Refused<ExtensionCall>("a method needs a receiver") : new ExtensionCall(function, arguments, default);
    }

    private ImmutableArray<Expression>? All(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            reading.Refuse("expected an array");
            return null;
        }

        if (content.GetArrayLength() > ValueLimits.MaxElements)
        {
            reading.Refuse("a set has at most 100,000 elements");
            return null;
        }

        ImmutableArray<Expression>.Builder expressions = ImmutableArray.CreateBuilder<Expression>(content.GetArrayLength());
        foreach (JsonElement item in content.EnumerateArray())
        {
            if (Read(item) is not { } expression) return null;
            expressions.Add(expression);
        }

        return expressions.ToImmutable();
    }

    private (Expression Left, Expression Right)? Pair(JsonElement content) =>
        Member(content, "left") is { } left && Member(content, "right") is { } right ? (left, right) : null;

    private Expression? Member(JsonElement content, string name)
    {
        if (content.ValueKind != JsonValueKind.Object || !content.TryGetProperty(name, out JsonElement member)) return Refused($"expected an object with {name}");
        reading.Enter(name);
        Expression? expression = Read(member);
        if (expression is not null) reading.Leave();
        return expression;
    }

    private bool Text(JsonElement content, string name, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (content.ValueKind != JsonValueKind.Object || !content.TryGetProperty(name, out JsonElement member)) return reading.Refuse($"expected an object with {name}");
        return reading.TryText(member, out text);
    }

    private Expression? Refused(string message) => Refused<Expression>(message);

    private T? Refused<T>(string message)
        where T : class
    {
        reading.Refuse(message);
        return null;
    }
}
