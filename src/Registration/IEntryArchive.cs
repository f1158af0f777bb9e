namespace Spiffe.Agent.Registration;

/// <summary>Where entries that were given over the admin socket outlive the daemon.</summary>
public interface IEntryArchive
{
    /// <summary>Names the place to people.</summary>
    string Place { get; }

    /// <summary>Puts these entries in the place of those that were kept before, all or nothing; they are safe when it returns.</summary>
    /// <exception cref="IOException">Nothing was changed; the message says why, and what to do about it.</exception>
    void Write(IReadOnlyList<Entry> entries);
}
