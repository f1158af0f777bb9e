using Spiffe.Agent.Configuration;

namespace Spiffe.Agent.Commands;

/// <summary>What <c>run --dev</c> says once it serves: where the socket is and what to type next.</summary>
internal static class DevelopmentGreeting
{
    public static void Write(AgentOptions options, TextWriter to)
    {
        string agent = Environment.ProcessPath is { } path ? Path.GetRelativePath(Environment.CurrentDirectory, path) : "spiffe-agent";
        if (agent.StartsWith("..", StringComparison.Ordinal)) agent = Environment.ProcessPath!;
        to.WriteLine($"""

            spiffe-agent {DaemonFacts.Version} serves {options.TrustDomain} for every process of {Environment.UserName}.

              workload socket  {options.Sockets.Workload.Path}
              admin socket     {options.Sockets.Admin.Path}

            In another terminal:

              export SPIFFE_ENDPOINT_SOCKET=unix://{options.Sockets.Workload.Path}
              export SPIFFE_AGENT_ADMIN_SOCKET=unix://{options.Sockets.Admin.Path}
              {agent} fetch x509
              {agent} fetch jwt --audience example
              {agent} explain $$
              {agent} task run --template dev --goal "try it" -- {agent} fetch x509
              {agent} task list --ended

            Ctrl-C stops it. What it did stays in {options.Audit!.Directory}, for everybody to check:

              {agent} audit verify {options.Audit.Directory}

            """);
    }
}
