using System.CommandLine;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Policies;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>Whom to believe: <c>--key</c> or <c>--policy</c>.</summary>
internal sealed class TrustInput
{
    private const int MaxFile = 1 << 20;

    private readonly Option<string?> _key = new("--key") { Description = "The log's verifier key, or a file whose first line it is; any that the log had will do", HelpName = "VKEY|FILE" };
    private readonly Option<string?> _policy = new("--policy") { Description = "Logs and witnesses to believe, as C2SP tlog-policy", HelpName = "FILE" };

    public static TrustInput AddTo(Command command)
    {
        TrustInput input = new();
        command.Add(input._key);
        command.Add(input._policy);
        command.Validators.Add(result =>
        {
            if (result.GetValue(input._key) is not null && result.GetValue(input._policy) is not null) result.AddError("--key and --policy: give one of them");
        });
        return input;
    }

    /// <summary>Null: neither was given.</summary>
    /// <exception cref="FaultException">It is none, or cannot be read. Bad input.</exception>
    public async Task<LogPolicy?> ReadAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_policy) is { } policyFile)
        {
            InputText text = await InputText.ReadAsync(policyFile, MaxFile, terminal, cancellationToken);
            return LogPolicy.TryParse(text.Bytes.Span, out LogPolicy? policy, out string fault) ? policy : throw InputText.Bad(text.Place, fault, "write a policy as C2SP tlog-policy has it");
        }

        if (parsed.GetValue(_key) is not { } given) return null;
        if (NoteVerifierKey.TryParse(given, out NoteVerifierKey? key, out string wrong)) return LogPolicy.Of(key);
        if (given.Contains('+', StringComparison.Ordinal)) throw InputText.Bad("--key", wrong, "write name+id+key, as log.vkey has it");
        InputText file = await InputText.ReadAsync(given, MaxFile, terminal, cancellationToken);
        return NoteVerifierKey.TryParse(file.Text.Split('\n')[0].TrimEnd('\r'), out key, out wrong) ? LogPolicy.Of(key) : throw InputText.Bad(file.Place, wrong, "its first line is to be name+id+key, as log.vkey has it");
    }
}
