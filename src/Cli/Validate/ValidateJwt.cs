using System.CommandLine;
using System.Text.Json;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tokens;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Cli.Validate;

/// <summary><c>validate jwt</c>: valid ends with 0, not valid with 65 and the agent's reason.</summary>
internal static class ValidateJwt
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("jwt", "Validate a JWT-SVID: exit code 0 when it is valid, 65 when it is not.");
        WorkloadOptions options = WorkloadOptions.AddTo(command, OutputOption.TextOrJson());
        Option<string> audience = AudienceOption.Own();
        Argument<string> token = new("TOKEN") { Description = "The token, or - for standard input (arguments show in process lists)" };
        command.Add(audience);
        command.Add(token);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            ValidateJWTSVIDRequest request = new()
            {
                Audience = parsed.GetRequiredValue(audience),
                Svid = await TokenInput.ReadAsync(parsed.GetRequiredValue(token), terminal, cancellationToken),
            };
            bool isJson = options.Output(parsed) == OutputFormat.Json;
            using WorkloadClient client = new(endpoint.Address);
            (ValidateJWTSVIDResponse? valid, string? reason) = await endpoint.AskAsync(t => AskAsync(client, request, t), cancellationToken);
            if (valid is not null)
            {
                JsonElement claims = ClaimsJson.ToJson(valid.Claims ?? new());
                terminal.Out.Write(isJson ? ValidationOutput.Json(valid.SpiffeId, claims) : ValidationOutput.Text(valid.SpiffeId, claims, terminal.Time.GetUtcNow(), terminal.IsStyled));
                return ExitCodes.Done;
            }

            if (isJson) terminal.Out.Write(ValidationOutput.Json(reason!));
            return new Fault(ExitCodes.BadInput, "not valid", reason!, "").Print(terminal.Error);
        });
        return command;
    }

    // InvalidArgument is the answer to a token that is not valid (Workload API §6.2.3), so it is no fault of the call.
    private static async Task<(ValidateJWTSVIDResponse? Valid, string? Reason)> AskAsync(WorkloadClient client, ValidateJWTSVIDRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.ValidateAsync(request, cancellationToken), null);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            return (null, e.Status.Detail.Length > 0 ? e.Status.Detail : "the agent gave no reason");
        }
    }
}
