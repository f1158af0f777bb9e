namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Limits of the Unix-socket transport.</summary>
public sealed class UnixTransportOptions
{
    /// <summary>Open connections in all. Default 16,384. Ours; lowered at bind when RLIMIT_NOFILE leaves less room (a connection takes two descriptors).</summary>
    public int MaxConnections { get; init; } = 16_384;

    /// <summary>Open connections of one user. Default 4,096. Ours: a quarter of all, so that no user takes every place.</summary>
    public int MaxConnectionsPerUser { get; init; } = 4_096;

    /// <summary>Bytes read ahead of the application, per connection. Default 64 KiB. Origin: half of what Kestrel's HTTP/2 connection window admits at first.</summary>
    public int ReadBufferLimit { get; init; } = 64 * 1024;

    /// <summary>Bytes written ahead of a slow reader, per connection. Default 64 KiB. Origin: Kestrel's MaxResponseBufferSize.</summary>
    public int WriteBufferLimit { get; init; } = 64 * 1024;

    /// <summary>Threads that wait on sockets. Default: a quarter of the processors, 1 to 4. Ours: each moves some 100,000 small messages a second.</summary>
    public int EventLoops { get; init; } = Math.Clamp(Environment.ProcessorCount / 4, 1, 4);

    /// <summary>Free buffers kept warm, in blocks of 4 KiB. Default 512 (2 MiB). Ours: what a burst took beyond this goes back to the kernel.</summary>
    public int WarmBlocks { get; init; } = 512;

    /// <summary>Tells when a process started, null when it has exited: how peers are watched on kernels without pidfds. Default null: there, every peer is refused.</summary>
    public Func<int, ulong?>? ReadStartTime { get; init; }

    /// <summary>For tests: behave like a kernel without SO_PEERPIDFD (<see cref="PeerProof.PidFdAtAccept"/>) or without pidfds (<see cref="PeerProof.StartTime"/>).</summary>
    internal PeerProof StrongestProof { get; init; } = PeerProof.PidFdAtConnect;
}
