namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>log</c>.</summary>
internal static class LogSection
{
    public static LogOptions Read(Section section)
    {
        LogOptions options = new()
        {
            Level = section.Choice("level", LogThreshold.Information,
            [
                ("trace", LogThreshold.Trace), ("debug", LogThreshold.Debug), ("info", LogThreshold.Information), ("warn", LogThreshold.Warning),
                ("error", LogThreshold.Error),
            ]),
            Format = section.Choice("format", LogFormat.Text, [("text", LogFormat.Text), ("json", LogFormat.Json)]),
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
