namespace Spiffe.Agent.Policy.Schema.Types;

/// <summary>An attribute of a record or an entity.</summary>
/// <param name="Name">Any text.</param>
/// <param name="Type">Of its value.</param>
/// <param name="IsRequired">Whether it is always there.</param>
internal sealed record RecordAttribute(string Name, CedarType Type, bool IsRequired);
