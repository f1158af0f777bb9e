namespace Spiffe.Agent.Policy.Json;

/// <summary>What a schema knows of the attributes and tags of entities; null where it says nothing that changes reading.</summary>
public interface IEntityShapes
{
    /// <summary>What the attribute of entities of that type is.</summary>
    JsonShape? AttributeOf(string entityType, string attribute);

    /// <summary>What tags of entities of that type are.</summary>
    JsonShape? TagOf(string entityType);
}
