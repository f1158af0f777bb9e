using System.Collections.Immutable;
using Spiffe.Agent.Configuration.Files;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration;

/// <summary><c>entries_file</c>: what it held when it was read.</summary>
public sealed class KeptEntries
{
    internal KeptEntries(string path, ImmutableArray<Entry> entries, FileStatus? status) => (Path, Entries, Status) = (path, entries, status);

    /// <summary>The file, absolute; it need not be there yet.</summary>
    public string Path { get; }

    /// <summary>The entries in it, of origin <see cref="EntryOriginKind.Admin"/>.</summary>
    public ImmutableArray<Entry> Entries { get; }

    /// <summary>The file as it was read; null where there was none.</summary>
    internal FileStatus? Status { get; }
}
