namespace Spiffe.Agent.Policy.Validation;

/// <summary>Something in a request or an entity that its schema does not allow.</summary>
/// <param name="Where">The part: <c>principal</c>, <c>context.source.ip</c>, <c>User::"alice".address</c>.</param>
/// <param name="Message">What is wrong with it, as one sentence without a full stop.</param>
public sealed record ConformanceFault(string Where, string Message)
{
    public override string ToString() => $"{Where}: {Message}";
}
