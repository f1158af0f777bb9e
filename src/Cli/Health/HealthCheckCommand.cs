using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Rpc.Health;

namespace Spiffe.Agent.Cli.Health;

/// <summary><c>healthcheck</c>: whether the agent serves. Made for probes: ends with 0 or 69.</summary>
internal static class HealthCheckCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("healthcheck", "Ask the workload socket whether the agent serves: exit code 0 when it does, 69 when not.");
        WorkloadOptions options = WorkloadOptions.AddTo(command, OutputOption.TextOrJson());
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using HealthClient client = new(endpoint.Address);
            HealthCheckResponse response = await endpoint.AskAsync(client.CheckAsync, cancellationToken);
            string status = response.Status switch
            {
                HealthCheckResponse.Types.ServingStatus.Serving => "serving",
                HealthCheckResponse.Types.ServingStatus.NotServing => "not_serving",
                _ => "unknown",
            };
            bool isServing = response.Status == HealthCheckResponse.Types.ServingStatus.Serving;
            if (options.Output(parsed) == OutputFormat.Json) terminal.Out.Write(JsonText.Object(onOneLine: false, json => json.WriteString("status", status)));
            else if (isServing) terminal.Out.Write("serving\n");
            return isServing
                ? ExitCodes.Done
                : new Fault(ExitCodes.Unavailable, "not serving", endpoint.Address.Text, "it may still be starting: see its log").Print(terminal.Error);
        });
        return command;
    }
}
