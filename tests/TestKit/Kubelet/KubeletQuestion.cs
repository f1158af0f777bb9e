namespace Spiffe.Agent.Tests.TestKit.Kubelet;

/// <summary>What the fake kubelet was asked.</summary>
/// <param name="Line">The request's first line.</param>
/// <param name="Authorization">The header of that name; null without.</param>
/// <param name="ClientSubject">Subject of the client's certificate; null without.</param>
public sealed record KubeletQuestion(string Line, string? Authorization, string? ClientSubject);
