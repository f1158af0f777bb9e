using System.CommandLine;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>Which log: a directory, the daemon's customary one unless said otherwise.</summary>
internal static class LogArgument
{
    public const string Customary = "/var/lib/spiffe-agent/audit";

    public static Argument<string> Create() => new("DIR")
    {
        Description = $"The log's directory; {Customary} unless said otherwise",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => Customary,
    };

    /// <exception cref="FaultException">There is no such directory, it may not be read, or there is no log in it.</exception>
    public static (LogReader Reader, SignedNote Note, Checkpoint Head) Open(string directory)
    {
        LogReader reader = LogReader.Open(directory) ?? throw new FaultException(new Fault(ExitCodes.BadInput, "cannot be read", directory, "name the directory of an audit log, and be its owner or in its group"));
        if (reader.Head() is var (note, head)) return (reader, note, head);
        reader.Dispose();
        throw new FaultException(new Fault(ExitCodes.BadInput, "no audit log: there is no checkpoint that can be understood", directory, "see 'spiffe-agent audit verify'"));
    }
}
