using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Configuration;

/// <summary>One file of <c>policies</c>, parsed without a fault.</summary>
/// <param name="Path">The file, absolute.</param>
/// <param name="Text">What it holds.</param>
public sealed record PolicyFile(string Path, PolicyText Text);
