namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>What a name may refer to where it stands.</summary>
internal enum ReferenceKind
{
    /// <summary>A common type, built-in types included.</summary>
    CommonType,

    /// <summary>An entity type.</summary>
    EntityType,

    /// <summary>Either; a common type goes first. Cedar RFC 24.</summary>
    Either,
}
