namespace Spiffe.Agent.Registration;

/// <summary>Why a change of the entries was refused.</summary>
/// <param name="Reason">What stands against it.</param>
/// <param name="Culprit">The entry of the change that it stands against; null where it is the change as a whole, or a name.</param>
/// <param name="Other">The entry that is in the way; null where none is.</param>
/// <param name="Detail">The name that was not found, the number that is the limit, the word of the disk.</param>
public sealed record EntryRefusal(EntryRefusalReason Reason, Entry? Culprit, Entry? Other, string Detail);
