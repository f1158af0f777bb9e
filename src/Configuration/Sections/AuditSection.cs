namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>audit</c>.</summary>
internal static class AuditSection
{
    /// <summary>Under the state directory that systemd gives, or that is the service's by custom.</summary>
    private const string Name = "audit";

    private const string CustomaryState = "/var/lib/spiffe-agent";

    /// <summary>Longest name of a log, in characters. Ours.</summary>
    private const int MaxOrigin = 255;

    /// <summary>Null: no log is kept, because it is switched off, or nothing says where.</summary>
    public static AuditOptions? Read(Section file)
    {
        bool isWritten = file.Has("audit");
        Section section = file.Child("audit");
        if (section.IsBroken) return null;
        string? state = StateDirectory(section);
        bool isEnabled = section.Switch("enabled", isWritten || state is not null);
        string? directory = section.Single("dir") is { } dir ? FilePath.Read(section, dir, $"{CustomaryState}/{Name}") : Path.Combine(state ?? CustomaryState, Name);
        string? origin = ReadOrigin(section);
        string? witnesses = section.Single("witnesses") is { } policy ? FilePath.Read(section, policy, "/etc/spiffe-agent/witnesses") : null;
        TimeSpan? keyAge = section.OptionalDuration("key_age", TimeSpan.FromHours(1), TimeSpan.FromDays(36_500));
        Section keep = section.Child("keep");
        long bytes = keep.Size("size", 0, 16 << 20, 1L << 50);
        TimeSpan? age = keep.OptionalDuration("age", TimeSpan.FromHours(1), TimeSpan.FromDays(36_500));
        keep.RefuseUnknownKeys();
        section.RefuseUnknownKeys();
        return isEnabled && directory is not null ? new AuditOptions { Directory = directory, Origin = origin, Witnesses = witnesses, KeyAge = keyAge, KeepBytes = bytes == 0 ? null : bytes, KeepAge = age } : null;
    }

    /// <summary>The first directory of <c>StateDirectory=</c>, as systemd says it (systemd.exec(5)).</summary>
    private static string? StateDirectory(Section section) =>
        section.Environment("STATE_DIRECTORY")?.Split(':')[0] is { Length: > 0 } first && Path.IsPathFullyQualified(first) ? first : null;

    // Signed notes separate by spaces, plus signs and lines; verifiers show the name to people.
    private static string? ReadOrigin(Section section)
    {
        if (section.Single("origin") is not { } value) return null;
        bool good = value.Text.Length is > 0 and <= MaxOrigin && value.Text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/');
        if (good) return value.Text;
        value.Fault("is not the name of a log", "write a name of your own like a URL without its scheme, such as example.org/spiffe-agent/node-1");
        return null;
    }
}
