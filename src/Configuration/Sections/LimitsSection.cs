namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>limits</c>.</summary>
internal static class LimitsSection
{
    private const int MaxRate = 1_000_000;

    public static LimitsOptions Read(Section section)
    {
        int connections = section.Number("max_connections", 16_384, 1, 1_000_000);
        int rate = section.Number("requests_per_second_per_uid", 5_000, 0, MaxRate);
        LimitsOptions options = new()
        {
            MaxConnections = connections,
            MaxConnectionsPerUid = section.Number("max_connections_per_uid", Math.Min(1_024, connections), 1, connections),
            MaxStreamsPerConnection = section.Number("max_streams_per_connection", 1_024, 1, 65_536),
            MaxMessageSize = (int)section.Size("max_message_size", 4L << 20, 4L << 10, 64L << 20),
            MaxMetadataSize = (int)section.Size("max_metadata_size", 16L << 10, 4L << 10, 1L << 20),
            RequestsPerSecondPerUid = rate,
            RequestBurstPerUid = section.Number("request_burst_per_uid", Math.Max(1, rate * 2), 1, MaxRate * 2),
            MaxAdminEntries = section.Number("max_admin_entries", 10_000, 0, 100_000),
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
