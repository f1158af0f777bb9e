using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema;

/// <summary>Something to say about a schema's text: an error or a warning, as the list says in which it stands.</summary>
/// <param name="Message">What is wrong, as one sentence without a full stop.</param>
/// <param name="Span">Where.</param>
public sealed record SchemaNotice(string Message, SourceSpan Span);
