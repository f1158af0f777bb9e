namespace Spiffe.Agent.Registration;

/// <summary>Judges written entries by the rules of the configuration file: whoever gives entries while the daemon runs is held to the same.</summary>
public interface IEntryReader
{
    /// <summary>Judges drafts, as if they were the file's list of entries. Their texts are taken as they are: nothing comes from the daemon's environment.</summary>
    EntryReading Read(IReadOnlyList<EntryDraft> drafts);

    /// <summary>Judges a document that holds <c>entries:</c> as the configuration file does. It may not take anything from the daemon's environment.</summary>
    EntryReading Read(ReadOnlySpan<byte> document);
}
