using System.Globalization;

namespace Spiffe.Agent.Registration;

/// <summary>Where an entry was written, for people who ask why it exists.</summary>
/// <param name="Kind">Which way it came.</param>
/// <param name="Path">The configuration file, when it came from one.</param>
/// <param name="Line">The line in that file, from 1.</param>
public sealed record EntryOrigin(EntryOriginKind Kind, string? Path, int Line)
{
    /// <summary>Given over the admin socket.</summary>
    public static EntryOrigin Admin { get; } = new(EntryOriginKind.Admin, null, 0);

    /// <summary>Made by <c>--dev</c>.</summary>
    public static EntryOrigin Development { get; } = new(EntryOriginKind.Development, null, 0);

    /// <summary>Follows from a template of standing access, written there.</summary>
    public static EntryOrigin Template(string place) => new(EntryOriginKind.Template, place, 0);

    /// <summary>Written in a configuration file.</summary>
    public static EntryOrigin File(string path, int line) => new(EntryOriginKind.File, path, line);

    public override string ToString() => Kind switch
    {
        EntryOriginKind.File => string.Create(CultureInfo.InvariantCulture, $"{Path}:{Line}"),
        EntryOriginKind.Admin => "admin",
        EntryOriginKind.Template => $"template at {Path}",
        _ => "dev",
    };
}
