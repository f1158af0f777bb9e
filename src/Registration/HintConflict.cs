namespace Spiffe.Agent.Registration;

/// <summary>An entry whose hint one caller could get twice.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Other">The earlier one that has the hint too; null where there are too many with nothing in common to tell which.</param>
/// <param name="Count">How many entries share the hint.</param>
public readonly record struct HintConflict(Entry Entry, Entry? Other, int Count);
