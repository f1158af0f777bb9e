using Google.Protobuf;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Entries;

/// <summary>A file of entries. The agent reads it, by the code that reads its configuration; here it is only carried.</summary>
internal static class EntryDocument
{
    /// <summary>Longest document, in bytes: what one request of the agent holds (limits.max_message_size, 4 MiB unless configured), less some for its wrapping.</summary>
    public const int MaxBytes = (4 << 20) - 1024;

    /// <summary>Reads it from a file, or from standard input where the path is <c>-</c>.</summary>
    /// <exception cref="FaultException">It cannot be read, is empty, or too long. Bad input.</exception>
    public static async Task<ByteString> ReadAsync(string path, Terminal terminal, CancellationToken cancellationToken)
    {
        string place = path == "-" ? "standard input" : path;
        try
        {
            await using Stream input = path == "-" ? terminal.Input() : new FileStream(path, FileMode.Open, FileAccess.Read);
            byte[] buffer = new byte[MaxBytes + 1];
            int length = await input.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            if (length == 0) throw Bad(place, "is empty", "write 'entries:' and a list below it, as in the configuration");
            return length <= MaxBytes ? ByteString.CopyFrom(buffer, 0, length) : throw Bad(place, $"is larger than {MaxBytes} bytes", "split it");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Bad(place, "does not exist", "check the path");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad(place, $"cannot be read: {e.Message}", "check the path and its rights");
        }
    }

    private static FaultException Bad(string place, string what, string remedy) => new(new Fault(ExitCodes.BadInput, $"--file: {place}", what, remedy));
}
