using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <content>Sets, records and calls of extension functions.</content>
internal sealed partial class TypeCheck
{
    /// <summary>All elements must be of one type; of an empty set none is known, so it is refused.</summary>
    private Answer Set(SetExpression set, Capabilities known)
    {
        if (set.Elements.IsEmpty) _findings.Add("an empty set is of no known type", set.Span);
        CedarType? joined = null;
        bool typed = true;
        bool sound = true;
        bool alike = true;
        foreach (Expression element in set.Elements)
        {
            Answer answer = Check(element, known);
            sound &= answer.IsSound;
            typed &= answer.Type is not null;
            if (answer.Type is null || !alike) continue;
            CedarType? next = joined is null ? answer.Type : _lattice.Join(joined, answer.Type);
            alike = next is not null;
            joined = next ?? joined;
        }

        if (typed && !alike) _findings.Add("the elements of a set must be of one type", set.Span);
        if (!typed || !alike || joined is null) return Answer.Unsound();
        return sound ? Answer.Of(new SetType(joined)) : Answer.Unsound(new SetType(joined));
    }

    private Answer Record(RecordExpression record, Capabilities known)
    {
        List<RecordAttribute> attributes = new(record.Fields.Length);
        bool sound = true;
        foreach (RecordField field in record.Fields)
        {
            Answer answer = Check(field.Value, known);
            sound &= answer.IsSound;
            if (answer.Type is { } type) attributes.Add(new RecordAttribute(field.Name, type, IsRequired: true));
        }

        if (attributes.Count < record.Fields.Length) return Answer.Unsound();
        RecordType all = RecordType.Of(attributes);
        return sound ? Answer.Of(all) : Answer.Unsound(all);
    }

    private Answer Call(ExtensionCall call, Capabilities known)
    {
        ExtensionSignature signature = ExtensionFunctions.SignatureOf(call.Function);
        CedarType result = signature.Result is { } extension ? ExtensionValueType.Of(extension) : signature.ReturnsLong ? LongType.Instance : BooleanType.Any;
        bool wellFormed = IsWellFormed(call, signature);
        bool sound = wellFormed;
        for (int at = 0; at < call.Arguments.Length; at++)
        {
            CedarType parameter = wellFormed && signature.Parameters[at] is { } type ? ExtensionValueType.Of(type) : StringType.Instance;
            Answer argument = wellFormed ? Expect(call.Arguments[at], known, parameter) : Check(call.Arguments[at], known);
            sound &= argument.IsSound;
        }

        return sound ? Answer.Of(result) : Answer.Unsound(result);
    }

    /// <summary>The number of arguments is right and, for a constructor, they are literals and what they say can be read.</summary>
    private bool IsWellFormed(ExtensionCall call, ExtensionSignature signature)
    {
        if (call.Arguments.Length != signature.Parameters.Length)
        {
            _findings.Add($"{signature.Name} takes {signature.Parameters.Length} arguments, not {call.Arguments.Length}", call.Span);
            return false;
        }

        if (signature.IsMethod) return true;
        if (!call.Arguments.All(IsLiteral))
        {
            _findings.Add($"the argument of {signature.Name} must be a literal", call.Span);
            return false;
        }

        if (call.Arguments[0] is not StringLiteral text || CanBeRead(call.Function, text.Value)) return true;
        _findings.Add($"{StringEscape.Quote(text.Value)} cannot be read as {signature.Name}", call.Span);
        return false;
    }

    private static bool IsLiteral(Expression expression) => expression is StringLiteral or LongLiteral or BooleanLiteral or EntityLiteral;

    private static bool CanBeRead(ExtensionFunction constructor, string text) => constructor switch
    {
        ExtensionFunction.Decimal => CedarDecimal.TryParse(text, out _),
        ExtensionFunction.Ip => IpRange.TryParse(text, out _),
        ExtensionFunction.Datetime => CedarDatetime.TryParse(text, out _),
        ExtensionFunction.Duration => CedarDuration.TryParse(text, out _),
        _ => true,
    };
}
