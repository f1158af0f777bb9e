using System.Globalization;
using System.Text;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>
/// Numbers expressions so that two have the same number exactly when they are written alike, wherever they stand. Each expression of a policy is looked at
/// once, so comparing two costs nothing afterwards.
/// </summary>
internal sealed class ExpressionShapes
{
    private readonly Dictionary<Expression, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _shapes = new(StringComparer.Ordinal);

    public int Of(Expression expression)
    {
        if (_numbers.TryGetValue(expression, out int number)) return number;
        number = Describe(expression);
        _numbers.Add(expression, number);
        return number;
    }

    /// <summary>The shape of <c>operand.name</c>.</summary>
    public int OfAttribute(int operand, string name) => Number(string.Create(CultureInfo.InvariantCulture, $".{operand}.{name}"));

    private int Describe(Expression expression) => expression switch
    {
        AttributeExpression attribute => OfAttribute(Of(attribute.Operand), attribute.Name),
        StringLiteral text => Number($"\"{text.Value}"),
        LongLiteral number => Number(string.Create(CultureInfo.InvariantCulture, $"#{number.Value}")),
        BooleanLiteral boolean => Number(boolean.Value ? "true" : "false"),
        EntityLiteral entity => Number($"@{entity.Uid}"),
        VariableExpression variable => Number($"${variable.Variable}"),
        RecordExpression record => Record(record),
        HasExpression has => Has(has),
        IsExpression type => Is(type),
        BinaryExpression binary => Binary(binary),
        LikeExpression like => Compound($"like {StringEscape.Quote(like.Pattern)}", [like.Operand]),
        ExtensionCall call => Compound($"call {call.Function}", call.Arguments),
        UnaryExpression unary => Compound($"unary {unary.Operator}", [unary.Operand]),
        AndExpression => Compound("and", ExpressionParts.Of(expression)),
        OrExpression => Compound("or", ExpressionParts.Of(expression)),
        ConditionalExpression => Compound("if", ExpressionParts.Of(expression)),
        SetExpression => Compound("set", ExpressionParts.Of(expression)),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    /// <summary>The order of a record's fields does not matter.</summary>
    private int Record(RecordExpression record)
    {
        StringBuilder text = new("record");
        foreach (RecordField field in record.Fields.OrderBy(field => field.Name, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"|{field.Name.Length} {field.Name} {Of(field.Value)}");
        return Number(text.ToString());
    }

    /// <summary><c>x has a.b</c> is <c>x has a &amp;&amp; x.a has b</c>.</summary>
    private int Has(HasExpression has)
    {
        int operand = Of(has.Operand);
        int all = -1;
        foreach (string name in has.Path)
        {
            int one = Number(string.Create(CultureInfo.InvariantCulture, $"has {operand}.{name}"));
            all = all < 0 ? one : Join("and", all, one);
            operand = OfAttribute(operand, name);
        }

        return all;
    }

    /// <summary><c>x is T in y</c> is <c>x is T &amp;&amp; x in y</c>.</summary>
    private int Is(IsExpression type)
    {
        int operand = Of(type.Operand);
        int test = Number(string.Create(CultureInfo.InvariantCulture, $"is {operand} {type.EntityType}"));
        return type.In is { } container ? Join("and", test, Join($"binary {BinaryOperator.In}", operand, Of(container))) : test;
    }

    /// <summary>Comparisons are negations of, or turned around, each other.</summary>
    private int Binary(BinaryExpression binary)
    {
        int left = Of(binary.Left);
        int right = Of(binary.Right);
        return binary.Operator switch
        {
            BinaryOperator.NotEqual => Not(Join($"binary {BinaryOperator.Equal}", left, right)),
            BinaryOperator.Greater => Not(Join($"binary {BinaryOperator.LessOrEqual}", left, right)),
            BinaryOperator.GreaterOrEqual => Not(Join($"binary {BinaryOperator.Less}", left, right)),
            BinaryOperator other => Join($"binary {other}", left, right),
        };
    }

    private int Not(int operand) => Number(string.Create(CultureInfo.InvariantCulture, $"unary {UnaryOperator.Not}|{operand}"));

    private int Join(string kind, int left, int right) => Number(string.Create(CultureInfo.InvariantCulture, $"{kind}|{left}|{right}"));

    private int Compound(string kind, IEnumerable<Expression> operands)
    {
        StringBuilder text = new(kind);
        foreach (Expression operand in operands) text.Append(CultureInfo.InvariantCulture, $"|{Of(operand)}");
        return Number(text.ToString());
    }

    private int Number(string shape)
    {
        if (!_shapes.TryGetValue(shape, out int number)) _shapes.Add(shape, number = _shapes.Count);
        return number;
    }
}
