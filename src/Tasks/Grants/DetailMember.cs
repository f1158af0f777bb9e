namespace Spiffe.Agent.Tasks.Grants;

/// <summary>A member of a detail, in the order in which they are compared: the later the miss, the closer the detail.</summary>
public enum DetailMember
{
    Type,
    Actions,
    Locations,
    Identifier,
    Datatypes,
    Audiences,
    Sensitivity,
    MaxUses,
    NotAfter,
    Ranges,
    In,

    /// <summary>The step of a sequence.</summary>
    Order,
}
