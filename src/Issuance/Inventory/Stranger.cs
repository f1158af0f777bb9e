namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>Callers that got nothing, because nobody has described them: a program of a user, and why. An agent that nobody manages looks like this.</summary>
/// <param name="UserId">Effective user id when it connected.</param>
/// <param name="Executable">What it runs, as its own mounts name it: a label, not evidence. Empty: not known; <see cref="StrangerTable.OtherPrograms"/>: further programs of a user that has too many.</param>
/// <param name="Reason">As the log has it, such as NoIdentity or TemplateNotForCaller.</param>
/// <param name="IsAttested">Whether there was evidence of it.</param>
/// <param name="Calls">How many.</param>
/// <param name="FirstSeen">The first of them.</param>
/// <param name="LastSeen">The last of them.</param>
public sealed record Stranger(uint UserId, string Executable, string Reason, bool IsAttested, long Calls, DateTimeOffset FirstSeen, DateTimeOffset LastSeen);
