using System.Text;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Policies;

/// <summary>A file that a verb is given, or standard input where its path is <c>-</c>: bounded, and UTF-8.</summary>
/// <param name="Place">The path as people know it.</param>
/// <param name="Bytes">What is in it.</param>
internal sealed record InputText(string Place, ReadOnlyMemory<byte> Bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FaultException">It is not UTF-8. Bad input.</exception>
    public string Text
    {
        get
        {
            try
            {
                return Strict.GetString(Bytes.Span);
            }
            catch (DecoderFallbackException)
            {
                throw Bad(Place, "is not UTF-8", "save it as UTF-8");
            }
        }
    }

    /// <exception cref="FaultException">It cannot be read, or is longer than <paramref name="maxBytes"/>. Bad input.</exception>
    public static async Task<InputText> ReadAsync(string path, int maxBytes, Terminal terminal, CancellationToken cancellationToken)
    {
        string place = path == "-" ? "standard input" : path;
        try
        {
            await using Stream input = path == "-" ? terminal.Input() : new FileStream(path, FileMode.Open, FileAccess.Read);
            using MemoryStream bytes = new();
            byte[] buffer = new byte[64 * 1024];
            for (int read = await input.ReadAsync(buffer, cancellationToken); read > 0; read = await input.ReadAsync(buffer, cancellationToken))
            {
                if (bytes.Length + read > maxBytes) throw Bad(place, $"is larger than {maxBytes} bytes", "split it");
                bytes.Write(buffer, 0, read);
            }

            return new InputText(place, bytes.ToArray());
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

    public static FaultException Bad(string place, string what, string remedy) => new(new Fault(ExitCodes.BadInput, place, what, remedy));
}
