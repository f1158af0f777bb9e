using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Records;

/// <summary>Keeps what commitments stand for, a file each, beside the log and not in it.</summary>
/// <remarks>
/// Erasing unlinks the file and makes that safe on the disk; what the medium or a backup still holds of it is beyond this. Once salt and text are
/// gone, the digest in the log says nothing about the text.
/// </remarks>
/// <param name="directory">Its own; it exists.</param>
public sealed class BodyStore(string directory)
{
    /// <summary>Commits to a text and keeps it.</summary>
    /// <returns>The digest for the log. The body is safe on the disk by then.</returns>
    /// <exception cref="ArgumentException">The text is longer than <see cref="Commitment.MaxTextLength"/>, or not valid Unicode.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public string Keep(string text)
    {
        string digest = Commitment.To(text, out byte[] body);
        LogFile.Write(directory, digest, body);
        return digest;
    }

    /// <summary>The text behind a digest; null: it was erased, was never here, or is not the one committed to.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string? Read(string digest)
    {
        if (!IsDigest(digest)) return null;
        try
        {
            using FileStream file = File.OpenRead(Path.Combine(directory, digest));
            if (file.Length > Commitment.SaltLength + Commitment.MaxTextLength) return null;
            byte[] body = new byte[file.Length];
            file.ReadExactly(body);
            return Commitment.Open(digest, body);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Erases salt and text for good.</summary>
    /// <returns>Whether there was something to erase.</returns>
    /// <exception cref="IOException">It cannot be erased, or not safely.</exception>
    public bool Erase(string digest)
    {
        if (!IsDigest(digest) || !File.Exists(Path.Combine(directory, digest))) return false;
        LogFile.Delete(directory, digest);
        return true;
    }

    // The name of a file comes from a log: never a path.
    private static bool IsDigest(string digest) => digest is not null && HashText.TryParse(digest, out _);
}
