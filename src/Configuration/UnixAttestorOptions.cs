namespace Spiffe.Agent.Configuration;

/// <summary><c>attestors.unix</c>: what the kernel knows of a process.</summary>
public sealed class UnixAttestorOptions
{
    /// <summary><c>sha256_max_size</c>: executables above this many bytes get no <c>unix:sha256</c>; 0 hashes none. 256MiB by default, at most 4GiB.</summary>
    public required long Sha256MaxSize { get; init; }

    /// <summary><c>sha256_cache_entries</c>: how many executables' hashes are remembered. 16 to 65536, 1024 by default.</summary>
    public required int Sha256CacheEntries { get; init; }
}
