using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Policies;

namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary><c>--subject-token-file</c>: the assertion of whom it is done for. Never an argument or a variable: those show in process lists.</summary>
internal static class SubjectTokenInput
{
    /// <summary>Longest token, in bytes. Ours: those of CI systems take some 2 KiB.</summary>
    private const int MaxBytes = 16 * 1024;

    /// <exception cref="FaultException">It cannot be read, or holds no token. Bad input; what it holds is never shown.</exception>
    public static async Task<string> ReadAsync(string path, Terminal terminal, CancellationToken cancellationToken)
    {
        InputText input = await InputText.ReadAsync(path, MaxBytes, terminal, cancellationToken);
        string token = input.Text.Trim();
        return token.Length > 0 && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? token
            : throw InputText.Bad($"--subject-token-file: {input.Place}", token.Length == 0 ? "is empty" : "has characters that no token has", "give a file that holds one JWT");
    }
}
