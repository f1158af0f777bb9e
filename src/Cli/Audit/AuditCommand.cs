using System.CommandLine;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Audit;

/// <summary><c>audit</c>: looks into the directory of an audit log, the daemon's or a copy. It asks no agent.</summary>
internal static class AuditCommand
{
    public static Command Create(Terminal terminal) => new("audit", "Verify an audit log offline, read it, and take receipts from it.")
    {
        AuditVerify.Create(terminal),
        AuditShow.Create(terminal),
        AuditTail.Create(terminal),
        AuditProve.Create(terminal),
    };
}
