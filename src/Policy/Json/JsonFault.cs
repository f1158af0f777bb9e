namespace Spiffe.Agent.Policy.Json;

/// <summary>What is wrong with a JSON text.</summary>
/// <param name="Message">As one sentence without a full stop.</param>
/// <param name="Path">Where, such as <c>$[3].attrs.name</c>; for text that is no JSON, the line and the byte in it.</param>
public sealed record JsonFault(string Message, string Path)
{
    public override string ToString() => $"{Path}: {Message}";
}
