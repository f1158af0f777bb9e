using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>Something that validation has to say about a policy: an error or a warning, as the list says in which it stands.</summary>
/// <param name="PolicyId">Of which policy.</param>
/// <param name="Message">What is wrong, as one sentence without a full stop.</param>
/// <param name="Span">Where.</param>
public sealed record ValidationNotice(string PolicyId, string Message, SourceSpan Span);
