namespace Spiffe.Agent.Tests.Architecture.Rooms;

/// <summary>A row of the table of rooms.</summary>
/// <param name="Name">Its folder under src/.</param>
/// <param name="Floor">0 at the bottom. A room sees only what is below it.</param>
/// <param name="MaySee">Rooms that it may reference.</param>
/// <param name="MayUse">Packages and shared frameworks that it may reference.</param>
internal sealed record Room(string Name, int Floor, string[] MaySee, string[] MayUse);
