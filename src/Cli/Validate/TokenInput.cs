using System.Text;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tokens;

namespace Spiffe.Agent.Cli.Validate;

/// <summary>The token to look at: an argument, or standard input.</summary>
internal static class TokenInput
{
    /// <summary>Reads it, without white space around it.</summary>
    /// <exception cref="FaultException">Nothing there, more than <see cref="TokenView.MaxLength"/> bytes, or not ASCII. Bad input; the token itself is never shown.</exception>
    public static async Task<string> ReadAsync(string argument, Terminal terminal, CancellationToken cancellationToken)
    {
        bool isInput = argument == "-";
        string place = isInput ? "standard input" : "TOKEN";
        string token = (isInput ? await ReadInputAsync(terminal, cancellationToken) : argument).Trim();
        if (token.Length == 0) throw Bad(place, "empty");
        if (token.Length > TokenView.MaxLength) throw Bad(place, $"longer than {TokenView.MaxLength / 1024} KiB");
        if (!Ascii.IsValid(token) || token.AsSpan().ContainsAnyExceptInRange('!', '~')) throw Bad(place, "has characters that no token has");
        return token;
    }

    private static async Task<string> ReadInputAsync(Terminal terminal, CancellationToken cancellationToken)
    {
        // One byte more than allowed shows that there is too much; a line end or two may follow the token.
        byte[] buffer = new byte[TokenView.MaxLength + 4];
        await using Stream input = terminal.Input();
        int length = await input.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.Latin1.GetString(buffer, 0, length);
    }

    private static FaultException Bad(string place, string what) => new(new Fault(ExitCodes.BadInput, place, what, "give a JWT-SVID: three parts of base64url with dots between them"));
}
