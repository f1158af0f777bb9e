namespace Spiffe.Agent.Registration;

/// <summary>One thing that is wrong with what was written of an entry, or that is allowed and probably not meant.</summary>
/// <param name="Key">The way to the value, such as <c>entries[3].selectors[0]</c>; empty for the whole text.</param>
/// <param name="Line">From 1, where there are lines; else 0.</param>
/// <param name="Column">From 1, where there are lines; else 0.</param>
/// <param name="Value">What was written there; null where nothing was.</param>
/// <param name="Problem">What is wrong, as the end of a sentence that begins with the key.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record EntryFault(string Key, int Line, int Column, string? Value, string Problem, string Remedy);
