namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>@name("value")</c> or <c>@name</c> before a policy. It means nothing to evaluation.</summary>
/// <param name="Name">An identifier, reserved words included; unique within its policy.</param>
/// <param name="Value">The text, or null where none was written.</param>
/// <param name="Span">All of it.</param>
public sealed record PolicyAnnotation(string Name, string? Value, SourceSpan Span);
