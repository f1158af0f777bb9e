using Spiffe.Agent.Configuration.Files;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration;

/// <summary>Keeps the entries that are given over the admin socket in <c>entries_file</c>: mode 0600, whole or not at all, safe on the disk when <see cref="Write"/> returns.</summary>
/// <remarks>Writes only over the file that was read or written last: what somebody else put there meanwhile is not lost, the change is refused.</remarks>
public sealed class EntriesFile : IEntryArchive
{
    private FileStatus? _last;

    public EntriesFile(KeptEntries kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        Place = kept.Path;
        _last = kept.Status;
    }

    public string Place { get; }

    public void Write(IReadOnlyList<Entry> entries)
    {
        if (!IsAsBefore()) throw new IOException($"'{Place}' was changed by somebody else since the agent read it; restart the agent to read it, or put it back");
        byte[] content = EntriesText.Of(entries);
        if (content.Length > ConfigurationLoader.MaxFileBytes) throw new IOException($"'{Place}' would be larger than {ConfigurationLoader.MaxFileBytes >> 20} MiB and not be read again; remove entries");
        try
        {
            AtomicFile.Write(Place, content);
            _last = FileStatus.TryRead(Place, followLink: true, out FileStatus status) ? status : null;
            AtomicFile.FlushDirectory(Path.GetDirectoryName(Place)!);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"'{Place}' cannot be written: {e.Message}", e);
        }
    }

    private bool IsAsBefore()
    {
        bool exists = FileStatus.TryRead(Place, followLink: true, out FileStatus now);
        return exists ? _last is { } last && now.IsSameContent(last) : _last is null;
    }
}
