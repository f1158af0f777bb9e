namespace Spiffe.Agent.Tests.Architecture.Rooms;

/// <summary>Which room may reference what: docs/architecture.md as a test reads it. Change both, and say why in docs/decisions/.</summary>
internal static class RoomTable
{
    private const string AspNetCore = "Microsoft.AspNetCore.App";

    /// <summary>Every room of the house, built or still to be built.</summary>
    public static IReadOnlyList<Room> Rooms { get; } =
    [
        new("Identity", 0, [], []),
        new("Policy", 0, [], []),
        new("Protocols", 0, [], ["Google.Protobuf", "Grpc.Tools"]),
        new("Authority", 1, ["Identity"], []),
        new("Attestation", 1, ["Identity"], []),
        new("Registration", 1, ["Identity"], []),
        new("Tasks", 1, ["Identity", "Policy"], []),
        new("Audit", 1, ["Identity"], []),
        new("Residue", 1, ["Identity"], []),
        new("Rpc", 1, [], [AspNetCore, "Google.Protobuf", "Grpc.Tools"]),
        new("Issuance", 2, ["Authority", "Attestation", "Registration", "Tasks", "Audit", "Residue", "Identity"], [AspNetCore]),
        new("Configuration", 2, ["Identity", "Registration", "Tasks"], ["YamlDotNet"]),
        new("Platform", 2, ["Rpc"], [AspNetCore]),
        new("Replay", 2, ["Audit", "Tasks", "Policy", "Identity"], []),
        new("Endpoints", 3, ["Issuance", "Residue", "Registration", "Tasks", "Rpc", "Protocols", "Identity"], [AspNetCore, "Google.Protobuf"]),
        new("Cli", 3, ["Rpc", "Protocols", "Audit", "Replay", "Identity", "Policy"], [AspNetCore, "Google.Protobuf", "System.CommandLine"]),
        new("Agent", 4,
            ["Identity", "Policy", "Protocols", "Authority", "Attestation", "Registration", "Tasks", "Audit", "Residue", "Replay", "Rpc", "Issuance", "Configuration", "Platform", "Endpoints", "Cli"],
            [AspNetCore, "Google.Protobuf", "System.CommandLine"]),
    ];

    /// <summary>Rooms of the plan that a later issue builds.</summary>
    public static IReadOnlySet<string> NotYetBuilt { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The rooms that stand.</summary>
    public static IEnumerable<Room> Built => Rooms.Where(room => RoomProject.Exists(room.Name));

    public static Room Named(string name) => Rooms.Single(room => string.Equals(room.Name, name, StringComparison.Ordinal));
}
