using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>Fills the slots of a template. Cedar docs, "Policy templates".</summary>
public static class TemplateLink
{
    /// <summary>The policy that a template becomes with these entities in its slots.</summary>
    /// <param name="template">A statement with one slot or two.</param>
    /// <param name="id">What decisions will call the policy.</param>
    /// <param name="principal">For <c>?principal</c>; null where the template has none.</param>
    /// <param name="resource">For <c>?resource</c>; null where the template has none.</param>
    /// <exception cref="ArgumentException">A slot gets no entity, or an entity has no slot.</exception>
    public static PolicyStatement Link(this PolicyStatement template, string id, EntityUid? principal, EntityUid? resource)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (PolicyStatement.SlotOf(template.Principal) is null != principal is null) throw new ArgumentException("?principal and an entity for it go together", nameof(principal));
        if (PolicyStatement.SlotOf(template.Resource) is null != resource is null) throw new ArgumentException("?resource and an entity for it go together", nameof(resource));
        return template with { Id = id, Principal = Fill(template.Principal, principal), Resource = Fill(template.Resource, resource) };
    }

    private static ScopeConstraint Fill(ScopeConstraint constraint, EntityUid? entity) => (entity, constraint) switch
    {
        (null, _) => constraint,
        (_, EqualConstraint equal) => equal with { Entity = EntityReference.To(entity, equal.Entity.Span) },
        (_, InConstraint within) => within with { Entity = EntityReference.To(entity, within.Entity.Span) },
        (_, IsConstraint { In: { } within } type) => type with { In = EntityReference.To(entity, within.Span) },
        _ => constraint,
    };
}
