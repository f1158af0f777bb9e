using System.CommandLine;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Audit;

/// <summary><c>audit</c>: looks into the directory of an audit log, the daemon's or a copy. It asks no agent, but for <c>erase</c>.</summary>
internal static class AuditCommand
{
    public static Command Create(Terminal terminal) => new("audit", "Verify an audit log offline, read it, take receipts from it, erase words behind it.")
    {
        AuditVerify.Create(terminal),
        AuditShow.Create(terminal),
        AuditTail.Create(terminal),
        AuditProve.Create(terminal),
        AuditErase.Create(terminal),
    };
}
