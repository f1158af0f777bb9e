using Spiffe.Agent.Policy.Json;

namespace Spiffe.Agent.Tests.Conformance.Policy;

/// <summary>Which attributes the schemas of the hand-written cases make entities: their entities leave the escapes out.</summary>
internal sealed class SandboxShapes : IEntityShapes
{
    public JsonShape? AttributeOf(string entityType, string attribute) => attribute switch
    {
        "account" or "owner" => JsonShape.Entity,
        "admins" => JsonShape.SetOf(JsonShape.Entity),
        _ => null,
    };

    public JsonShape? TagOf(string entityType) => null;
}
