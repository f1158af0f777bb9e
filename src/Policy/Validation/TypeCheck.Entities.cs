using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Validation;

/// <content>Hierarchy, types of entities, and the scope.</content>
internal sealed partial class TypeCheck
{
    private Answer Scope(PolicyVariable variable, ScopeConstraint constraint, string? slotType)
    {
        VariableExpression subject = new(variable, constraint.Span);
        return constraint switch
        {
            AnyConstraint => Answer.Of(BooleanType.True),
            EqualConstraint { Entity.Uid: { } uid } equal => Check(new BinaryExpression(BinaryOperator.Equal, subject, new EntityLiteral(uid, equal.Entity.Span), equal.Span), Capabilities.None),
            EqualConstraint => Slot(variable, slotType, sameType: true),
            InConstraint within => Container(subject, within.Entity, slotType),
            InSetConstraint set => In(subject, new SetExpression([.. set.Entities.Select(uid => new EntityLiteral(uid, set.Span))], set.Span), Capabilities.None),
            IsConstraint { In: null } type => TypeTest(TypeOf(variable), type.EntityType),
            IsConstraint { In: { } container } type => TypeTest(TypeOf(variable), type.EntityType) is { IsFalse: true } no ? no : Container(subject, container, slotType),
            _ => throw new ArgumentOutOfRangeException(nameof(constraint)),
        };
    }

    private Answer Container(VariableExpression subject, EntityReference container, string? slotType) =>
        container.Uid is { } uid ? In(subject, new EntityLiteral(uid, container.Span), Capabilities.None) : Slot(subject.Variable, slotType, sameType: false);

    /// <summary>A slot stands for some entity of a type that the environment fixes.</summary>
    private Answer Slot(PolicyVariable variable, string? slotType, bool sameType)
    {
        if (TypeOf(variable) is not EntityReferenceType type || slotType is null) return Answer.Unsound(BooleanType.Any);
        bool possible = sameType ? Same(type.Name, slotType) : _schema.MayBeIn(type.Name, slotType);
        return Answer.Of(possible ? BooleanType.Any : BooleanType.False);
    }

    private Answer Is(IsExpression type, Capabilities known)
    {
        Answer operand = ExpectEntity(type.Operand, known);
        Answer test = operand.Type is { } actual ? TypeTest(actual, type.EntityType).After(operand) : Answer.Unsound(BooleanType.Any);
        if (type.In is not { } container || test.IsFalse) return test;
        return And(test, In(type.Operand, container, known));
    }

    private static Answer TypeTest(CedarType actual, string type) =>
        actual is EntityReferenceType reference ? Answer.Of(BooleanType.Of(Same(reference.Name, type))) : Answer.Unsound(BooleanType.Any);

    /// <summary>Known where an action is looked for among actions, or where no entity of the left type can be in one of the right type.</summary>
    private Answer In(Expression member, Expression container, Capabilities known)
    {
        Answer left = ExpectEntity(member, known);
        Answer right = ExpectEntityOrEntities(container, known);
        if (!left.IsSound || !right.IsSound) return Answer.Unsound(BooleanType.Any);
        if (LiteralIn(member) is EntityUid action && Names.IsActionType(action.Type) && LiteralsIn(container) is { } groups) return ActionIn(action, groups);

        string? containerType = ((right.Type as SetType)?.Element ?? right.Type) is EntityReferenceType reference ? reference.Name : null;
        bool impossible = left.Type is EntityReferenceType subject && containerType is not null && !_schema.MayBeIn(subject.Name, containerType);
        return Answer.Of(impossible ? BooleanType.False : BooleanType.Any);
    }

    /// <summary>The entities of a literal or of a set of literals, or null.</summary>
    private List<EntityUid>? LiteralsIn(Expression expression)
    {
        if (LiteralIn(expression) is EntityUid single) return [single];
        if (expression is not SetExpression set) return null;
        List<EntityUid> all = new(set.Elements.Length);
        foreach (Expression element in set.Elements)
        {
            if (LiteralIn(element) is not EntityUid uid) return null;
            all.Add(uid);
        }

        return all;
    }

    private Answer ActionIn(EntityUid action, List<EntityUid> groups)
    {
        bool found = false;
        foreach (EntityUid group in groups)
        {
            if (!Names.IsActionType(group.Type)) continue;
            if (_schema.FindAction(group) is not { } declared) return Answer.Unsound(BooleanType.Any);
            found |= action.Equals(group) || declared.Descendants.Contains(action);
        }

        return Answer.Of(BooleanType.Of(found));
    }
}
