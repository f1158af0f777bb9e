using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>An entry that one thing kept from matching.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Missing">
/// The selector that the caller lacks. Where every selector holds but a placeholder found no single legal value, the placeholder's kind, such as
/// <c>unix:user</c>.
/// </param>
public readonly record struct NearMiss(Entry Entry, Selector Missing);
