using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Json;

/// <summary>Writes policies and sets of them.</summary>
internal sealed class PolicyWriter(Utf8JsonWriter writer)
{
    private readonly ExpressionWriter _expressions = new(writer);

    public void WriteSet(ImmutableArray<PolicyStatement> statements)
    {
        writer.WriteStartObject();
        WriteGroup("staticPolicies", statements.Where(statement => !statement.IsTemplate));
        WriteGroup("templates", statements.Where(statement => statement.IsTemplate));
        writer.WriteStartArray("templateLinks");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public void WriteStatement(PolicyStatement statement)
    {
        writer.WriteStartObject();
        writer.WriteString("effect", statement.Effect == PolicyEffect.Permit ? "permit" : "forbid");
        WriteConstraint("principal", statement.Principal);
        WriteConstraint("action", statement.Action);
        WriteConstraint("resource", statement.Resource);
        writer.WriteStartArray("conditions");
        foreach (PolicyCondition condition in statement.Conditions)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", condition.Kind == ConditionKind.When ? "when" : "unless");
            writer.WritePropertyName("body");
            _expressions.Write(condition.Body);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (!statement.Annotations.IsEmpty)
        {
            writer.WriteStartObject("annotations");
            foreach (PolicyAnnotation annotation in statement.Annotations) writer.WriteString(annotation.Name, annotation.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteGroup(string name, IEnumerable<PolicyStatement> statements)
    {
        writer.WriteStartObject(name);
        foreach (PolicyStatement statement in statements)
        {
            writer.WritePropertyName(statement.Id);
            WriteStatement(statement);
        }

        writer.WriteEndObject();
    }

    private void WriteConstraint(string variable, ScopeConstraint constraint)
    {
        writer.WriteStartObject(variable);
        writer.WriteString("op", constraint switch { EqualConstraint => "==", InConstraint or InSetConstraint => "in", IsConstraint => "is", _ => "All" });
        switch (constraint)
        {
            case EqualConstraint equal:
                WriteReference(equal.Entity);
                break;
            case InConstraint within:
                WriteReference(within.Entity);
                break;
            case InSetConstraint set:
                writer.WriteStartArray("entities");
                foreach (EntityUid uid in set.Entities) ExpressionWriter.WriteUid(writer, uid);
                writer.WriteEndArray();
                break;
            case IsConstraint type:
                writer.WriteString("entity_type", type.EntityType);
                if (type.In is null) break;
                writer.WriteStartObject("in");
                WriteReference(type.In);
                writer.WriteEndObject();
                break;
        }

        writer.WriteEndObject();
    }

    private void WriteReference(EntityReference reference)
    {
        if (reference.Uid is { } uid)
        {
            writer.WritePropertyName("entity");
            ExpressionWriter.WriteUid(writer, uid);
        }
        else
        {
            writer.WriteString("slot", reference.Slot == PolicySlot.Principal ? "?principal" : "?resource");
        }
    }
}
