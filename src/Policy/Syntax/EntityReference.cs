using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>What a scope constraint compares with: an entity or, in a template, a slot. Exactly one of the two is set.</summary>
public sealed record EntityReference
{
    private EntityReference(EntityUid? uid, PolicySlot? slot, SourceSpan span) => (Uid, Slot, Span) = (uid, slot, span);

    /// <summary>The entity, or null where a slot stands.</summary>
    public EntityUid? Uid { get; }

    /// <summary>The slot, or null where an entity stands.</summary>
    public PolicySlot? Slot { get; }

    public SourceSpan Span { get; }

    public static EntityReference To(EntityUid uid, SourceSpan span) => new(uid, null, span);

    public static EntityReference To(PolicySlot slot, SourceSpan span) => new(null, slot, span);
}
