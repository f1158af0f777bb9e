namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>A text of policies.</summary>
/// <param name="Name">Where it is from: a file's path. Begins the ids of its policies.</param>
/// <param name="Text">Cedar.</param>
public sealed record PolicySource(string Name, string Text);
